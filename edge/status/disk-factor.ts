/**
 * How many bytes of disk a byte of records takes, so that what comes in can be told in bytes of the limit.
 *
 * ```
 *   bytes of the journal     ╱│  ╱│  ╱      a segment grows with its log, and shrinks when it is sealed
 *                          ╱  └╱  └╱
 *   what is learned        ●───●───●        from one sealing to the next: whole segments, without the log
 * ```
 *
 * The bytes themselves say little about a minute: a segment may take hours to fill, and is freed at once.
 */
import type { JournalStats } from '../journal/journal.ts';

/** Blocks of telemetry at load. Small commits take more; that is learned when the first segment is sealed. */
const GUESS = 1.3;
/** What is in the journal at the start says it well enough when there are so many segments. */
const SEGMENTS_ENOUGH = 8;
/** What is outside was measured while something else came or went: a copy in quarantine, the reserve. */
const PLAUSIBLE = [1, 8] as const;

export type DiskStats = Pick<JournalStats, 'bytes' | 'segments' | 'classes' | 'commits'>;

type Mark = {
  readonly segments: number;
  readonly bytes: number;
  readonly recordBytes: number;
  /** Whether a segment was begun just then. */
  readonly isSealing: boolean;
};

export class DiskFactor {
  #factor = GUESS;
  #isLearned = false;
  #mark: Mark | undefined;

  get factor(): number {
    return this.#factor;
  }

  add({ segments, bytes, classes, commits: { recordBytes } }: DiskStats): void {
    const mark = this.#mark;
    if (mark === undefined && segments >= SEGMENTS_ENOUGH) {
      const pending = Object.values(classes).reduce((sum, each) => sum + each.bytes, 0);
      // The reserve is as large as a segment.
      this.#learn((bytes * segments) / (segments + 1), pending);
    }
    if (mark?.segments === segments) return;
    const isSealing = mark !== undefined && segments > mark.segments;
    if (isSealing && mark.isSealing)
      this.#learn(bytes - mark.bytes, recordBytes - mark.recordBytes);
    this.#mark = { segments, bytes, recordBytes, isSealing };
  }

  #learn(bytes: number, recordBytes: number): void {
    const seen = bytes / recordBytes;
    if (!(seen >= PLAUSIBLE[0] && seen <= PLAUSIBLE[1])) return;
    this.#factor = this.#isLearned ? (this.#factor + seen) / 2 : seen;
    this.#isLearned = true;
  }
}
