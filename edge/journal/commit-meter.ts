/** What commits take: how long, and how many bytes go to the disk for them. */
import { readFileSync } from 'node:fs';

import type { CommitStats } from './journal.ts';

const KEPT = 1024;

export class CommitMeter {
  readonly #now: () => number;
  readonly #lastMs = new Float64Array(KEPT);
  #commits = 0;
  #events = 0;
  #recordBytes = 0;

  /** `now` is a monotonic clock, milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Does a commit. Counts it when it is done, not when it is refused. */
  measure(events: number, recordBytes: number, commit: () => void): void {
    const start = this.#now();
    commit();
    this.#lastMs[this.#commits++ % KEPT] = this.#now() - start;
    this.#events += events;
    this.#recordBytes += recordBytes;
  }

  stats(): CommitStats {
    const times = this.#lastMs.slice(0, Math.min(this.#commits, KEPT)).sort();
    return {
      commits: this.#commits,
      events: this.#events,
      recordBytes: this.#recordBytes,
      bytesWritten: bytesWritten(),
      commitMsP50: times.at(Math.floor(times.length / 2)) ?? 0,
      commitMsP99: times.at(Math.floor(times.length * 0.99)) ?? 0,
    };
  }
}

/** `write_bytes` of proc(5), /proc/pid/io: what this process caused to be sent to the storage layer. 0 where the kernel does not tell. */
function bytesWritten(): number {
  try {
    return Number(/^write_bytes: (\d+)$/mu.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? 0);
  } catch {
    // Not every kernel and not every container shows it.
    return 0;
  }
}
