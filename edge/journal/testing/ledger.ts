/** What a journal acknowledged, as the one who appended remembers it, and whether the journal still keeps its word. */
import { isDeepStrictEqual } from 'node:util';

import { TallyError } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';
import type { ShedReason } from '#shared/shed.ts';

import { TEST_READING } from '../../clock/testing/fake-gateway-clock.ts';
import { addCounts } from '../filter-counts.ts';
import { JournalReader } from '../journal-reader.ts';
import type { JournalOptions, Stretch } from '../journal.ts';
import { RecordWriter } from '../record-writer.ts';
import { writeRecord } from '../record.ts';
import { Segments, type Group } from '../segments.ts';
import { optionsOf, type Told } from './test-journal.ts';

export const NOW_MS = 1_764_000_000_000;
const READ = { eventsMax: 500, bytesMax: 256 * 1024 } as const;

/** One epoch of it: the event with the number n at n - 1. */
export type EpochLedger = {
  readonly events: Event[];
  filtered: Record<string, number>;
  readonly applied: RangeSet;
  stored: RangeSet;
};

/** What is read back of an epoch. */
export type ReadBack = {
  readonly events: ReadonlyMap<number, Event>;
  readonly shed: ReadonlyMap<number, ShedReason>;
};

export class Ledger {
  readonly epochs = new Map<string, EpochLedger>();

  of(epoch: string): EpochLedger {
    const known = this.epochs.get(epoch) ?? {
      events: [],
      filtered: {},
      applied: new RangeSet(),
      stored: new RangeSet(),
    };
    this.epochs.set(epoch, known);
    return known;
  }

  /** As it is now; what is appended later is not in it. */
  copy(): Ledger {
    const copy = new Ledger();
    for (const [epoch, { events, filtered, applied, stored }] of this.epochs) {
      copy.epochs.set(epoch, {
        events: [...events],
        filtered: { ...filtered },
        applied: RangeSet.of(applied),
        stored: RangeSet.of(stored),
      });
    }
    return copy;
  }
}

/** A journal in the test's own process: much faster to open than one behind its thread. */
export function openSegments(
  directory: string,
  options: Partial<JournalOptions> = {},
): { readonly segments: Segments; readonly told: Told } {
  const told: Told = { damaged: [], shed: [], full: [] };
  const segments = new Segments(optionsOf(directory, options), NOW_MS, {
    damaged: (report) => void told.damaged.push(report),
    shed: (what) => void told.shed.push(what),
  });
  return { segments, told };
}

function groupOf(
  events: readonly Event[],
  removed: readonly string[] = [],
  messageKeys: readonly number[] = [],
): Group {
  const writer = new RecordWriter(new ArrayBuffer(4096));
  for (const event of events) {
    const start = writer.openFrame();
    writeRecord(writer, event);
    writer.closeFrame(start);
  }
  const { buffer, length } = writer.finish();
  const filtered: Record<string, number> = {};
  for (const rule of removed) filtered[rule] = (filtered[rule] ?? 0) + 1;
  return {
    records: new Uint8Array(buffer, 0, length),
    count: events.length,
    filtered,
    clock: TEST_READING,
    messageKeys: Float64Array.from(messageKeys),
  };
}

/** Appends, and writes down what was acknowledged: throws, and writes nothing, where it was not. */
export function appendTo(
  segments: Segments,
  ledger: Ledger,
  events: readonly Event[],
  more: { readonly removed?: readonly string[]; readonly messageKeys?: readonly number[] } = {},
): void {
  const group = groupOf(events, more.removed, more.messageKeys);
  const before = segments.current;
  segments.commit(group, NOW_MS);
  const after = segments.current;
  const epoch = ledger.of(after.epoch);
  if (after.epoch !== before.epoch || after.headSeq !== before.headSeq + events.length)
    throw new Error(
      `${events.length} events brought the head from ${before.headSeq} to ${after.headSeq}`,
    );
  for (const [i, event] of events.entries()) {
    const seq = before.headSeq + 1 + i;
    if (epoch.events[seq - 1] !== undefined) throw new Error(`${seq} was given away twice`);
    epoch.events[seq - 1] = event;
  }
  epoch.filtered = addCounts(epoch.filtered, group.filtered);
}

/** Reads as the uplink does: what is damaged is salvaged, once, and tried again. */
export function readBack(
  segments: Segments,
  directory: string,
  epoch: string,
  range: Range,
): ReadBack {
  const events = new Map<number, Event>();
  const shed = new Map<number, ShedReason>();
  using reader = new JournalReader(directory, epoch);
  const [first, lastSeq] = range;
  let salvaged = 0;
  for (let next = first; next <= lastSeq;) {
    try {
      const stretch = reader.read(next, { ...READ, lastSeq });
      note(stretch, events, shed);
      next = stretch.lastSeq + 1;
    } catch (error) {
      if (!(error instanceof TallyError && error.code === 'journal-damaged')) throw error;
      if (salvaged === next)
        throw new Error(`${next} cannot be read after it was salvaged`, { cause: error });
      salvaged = next;
      segments.salvage(epoch, next, NOW_MS);
    }
  }
  return { events, shed };
}

function note(stretch: Stretch, events: Map<number, Event>, shed: Map<number, ShedReason>): void {
  for (const { first, last, reason } of stretch.shed)
    for (let seq = first; seq <= last; seq++) shed.set(seq, reason);
  const there = stretch.events.values();
  for (let seq = stretch.firstSeq; seq <= stretch.lastSeq; seq++) {
    if (shed.has(seq)) continue;
    const { value, done } = there.next();
    if (done === true) throw new Error(`${seq} is neither read nor given up`);
    events.set(seq, value);
  }
  if (there.next().done !== true)
    throw new Error(`more events than numbers up to ${stretch.lastSeq}`);
}

/** Whether what is read is what was appended; the journal adds how the clock stood. */
export function isSame(read: Event, appended: Event): boolean {
  const { clock: _, ...rest } = read;
  return isDeepStrictEqual(rest, appended);
}

/** What was given up of what was acknowledged and not applied: throws where the journal does not keep its word. */
export function judge(
  segments: Segments,
  directory: string,
  ledger: Ledger,
): Map<string, Map<number, ShedReason>> {
  const given = new Map<string, Map<number, ShedReason>>();
  for (const [name, { events, applied }] of ledger.epochs) {
    const pending = events.length === 0 ? [] : applied.gaps(1, events.length);
    const epoch = segments.epochs.find((each) => each.epoch === name);
    if (pending.length > 0 && epoch === undefined) throw new Error(`epoch ${name} is gone`);
    const headSeq = epoch?.ended?.headSeq ?? segments.current.headSeq;
    if (epoch !== undefined && headSeq < events.length)
      throw new Error(`the head of ${name} is ${headSeq}; ${events.length} were acknowledged`);
    const shed = new Map<number, ShedReason>();
    for (const range of pending)
      judgeRange(readBack(segments, directory, name, range), { events, range, shed });
    given.set(name, shed);
  }
  return given;
}

function judgeRange(
  back: ReadBack,
  {
    events,
    range,
    shed,
  }: { events: readonly Event[]; range: Range; shed: Map<number, ShedReason> },
): void {
  for (let seq = range[0]; seq <= range[1]; seq++) {
    const reason = back.shed.get(seq);
    const [read, appended] = [back.events.get(seq), events[seq - 1]];
    if (reason !== undefined) shed.set(seq, reason);
    else if (read === undefined) throw new Error(`${seq} is missing, and nobody says so`);
    else if (appended !== undefined && !isSame(read, appended))
      throw new Error(`${seq} is not the event that was acknowledged`);
  }
}
