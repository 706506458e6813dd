/** What the journal holds of the last hour: filter rules go on from it after a restart. */
import type { Event } from '#shared/event.ts';

import type { GatewayClock } from '../clock/clock.ts';
import { JournalReader } from './journal-reader.ts';
import type { EpochJournal } from './journal.ts';

const EVENTS_MAX = 20_000;
const BYTES_MAX = 16 * 1024 * 1024;
const AGE_MS_MAX = 3_600_000;

export type RecentEvent = {
  readonly event: Event;
  /** When it was received, by the clock's monotonic time: below 0 where that was before the boot. */
  readonly monotonicMs: number;
};

/**
 * The newest events of the epoch, oldest first. None where they cannot be read: rules without a memory keep more, so
 * nothing is lost by it.
 */
export function recentEvents(
  directory: string,
  journal: Pick<EpochJournal, 'epoch' | 'accounts'>,
  clock: GatewayClock,
): readonly RecentEvent[] {
  const { headSeq } = journal.accounts();
  if (headSeq === 0) return [];
  const ageOf = ageIn(clock);
  const nowMs = clock.monotonic();
  try {
    using reader = new JournalReader(directory, journal.epoch);
    const { events } = reader.read(Math.max(1, headSeq - EVENTS_MAX + 1), {
      lastSeq: headSeq,
      eventsMax: EVENTS_MAX,
      bytesMax: BYTES_MAX,
    });
    return events
      .map((event) => ({ event, ageMs: ageOf(event) }))
      .filter(({ ageMs }) => ageMs <= AGE_MS_MAX)
      .map(({ event, ageMs }) => ({ event, monotonicMs: nowMs - ageMs }));
  } catch {
    // Damage, which is found, told and repaired by those who send.
    return [];
  }
}

/** How long ago an event was received: exact within a boot, by the wall clock across one. */
function ageIn(clock: GatewayClock): (event: Event) => number {
  const reading = clock.reading();
  const wallMs = clock.now();
  const bootMs = wallMs - reading.offsetMs;
  return ({ clock: stamp, receiveTimeMs }) =>
    Math.max(
      0,
      stamp?.bootId === reading.bootId ? bootMs - stamp.monotonicMs : wallMs - receiveTimeMs,
    );
}
