/**
 * What flows through the journal, and when it will be full or empty if it goes on so.
 *
 * ```
 *   in  ──►  [ pending ]  ──►  out        time to drained = pending / (out - in)
 *   kept                       applied    time to full    = room / (bytes in - bytes out)
 * ```
 *
 * Rates are means over about a minute: receipts come in bursts, and a depot does too. Nothing here reads a clock.
 */
import type { JournalStats } from '../journal/journal.ts';
import { DiskFactor } from './disk-factor.ts';
import { Rate } from './rate.ts';
import type { Status } from './status.ts';

const WINDOW_MS = 60_000;
/** What comes in within so long may be pending because it is on its way: the journal does not grow by it. */
const ON_ITS_WAY_S = 30;
/** Beyond, the answer says no more than "not soon". */
const LONGEST_S = 365 * 24 * 3600;

export type FlowStats = Pick<
  JournalStats,
  'epochs' | 'classes' | 'bytes' | 'bytesMax' | 'segments' | 'commits'
>;

export class FlowMeter {
  readonly #keptEvents = new Rate(WINDOW_MS);
  readonly #keptBytes = new Rate(WINDOW_MS);
  readonly #appliedEvents = new Rate(WINDOW_MS);
  readonly #disk = new DiskFactor();
  #last: { readonly stats: FlowStats; readonly atMs: number } | undefined;

  /** How the journal stands, at a time of the monotonic clock. Any interval will do. */
  add(stats: FlowStats, atMs: number): void {
    const last = this.#last;
    if (last !== undefined && atMs <= last.atMs) return;
    this.#last = { stats, atMs };
    this.#disk.add(stats);
    if (last === undefined) return;
    const elapsedMs = atMs - last.atMs;
    const { kept, applied } = movedBetween(last.stats, stats);
    this.#keptEvents.add(kept, elapsedMs);
    this.#appliedEvents.add(applied, elapsedMs);
    this.#keptBytes.add(stats.commits.recordBytes - last.stats.commits.recordBytes, elapsedMs);
  }

  flow(): Status['flow'] {
    const into = { eventsPerS: this.#keptEvents.perS, bytesPerS: this.#keptBytes.perS };
    const outEvents = this.#appliedEvents.perS;
    const out = { eventsPerS: outEvents, bytesPerS: outEvents * this.#bytesAnEvent() };
    return {
      in: into,
      out,
      timeToFullS: this.#timeToFull(into, out),
      timeToDrainedS: this.#timeToDrained(into, out),
    };
  }

  #timeToFull(into: Status['flow']['in'], out: Status['flow']['out']): number | null {
    if (this.#last === undefined) return null;
    const { bytes, bytesMax, epochs } = this.#last.stats;
    if (pendingOf(epochs) <= into.eventsPerS * ON_ITS_WAY_S) return null;
    const growth = (into.bytesPerS - out.bytesPerS) * this.#disk.factor;
    return timeFor(Math.max(0, bytesMax - bytes), growth);
  }

  #timeToDrained(into: Status['flow']['in'], out: Status['flow']['out']): number | null {
    const pending = pendingOf(this.#last?.stats.epochs ?? []);
    return pending === 0 ? 0 : timeFor(pending, out.eventsPerS - into.eventsPerS);
  }

  /** Of the events that go out: those that are pending are the next ones; else those that came in. */
  #bytesAnEvent(): number {
    if (this.#last === undefined) return 0;
    const { classes, commits } = this.#last.stats;
    const all = Object.values(classes);
    const events = all.reduce((sum, each) => sum + each.events, 0);
    const bytes = all.reduce((sum, each) => sum + each.bytes, 0);
    if (events > 0) return bytes / events;
    return commits.events === 0 ? 0 : commits.recordBytes / commits.events;
  }
}

function timeFor(amount: number, perS: number): number | null {
  const timeS = perS > 0 ? amount / perS : Number.POSITIVE_INFINITY;
  return timeS <= LONGEST_S ? timeS : null;
}

type Epochs = FlowStats['epochs'];

function pendingOf(epochs: Epochs): number {
  return epochs.reduce((sum, { pending }) => sum + pending, 0);
}

/** Events kept and applied from one moment to a later one. An epoch that is gone was applied to its end. */
function movedBetween(
  from: { readonly epochs: Epochs },
  to: { readonly epochs: Epochs },
): { readonly kept: number; readonly applied: number } {
  const before = new Map(from.epochs.map((each) => [each.epoch, each]));
  let kept = 0;
  let applied = 0;
  for (const { epoch, headSeq, pending } of to.epochs) {
    const { headSeq: headBefore = 0, pending: pendingBefore = 0 } = before.get(epoch) ?? {};
    kept += headSeq - headBefore;
    applied += headSeq - pending - (headBefore - pendingBefore);
    before.delete(epoch);
  }
  for (const { pending } of before.values()) applied += pending;
  return { kept, applied: Math.max(0, applied) };
}
