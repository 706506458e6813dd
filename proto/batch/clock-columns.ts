/** The clock columns of `EventColumns` in `batch.proto`: what the gateway's clocks said (G10). */
import { assert } from '#shared/assert.ts';
import { BOOT_ID_PATTERN, CLOCK_TRUSTS, type Event, type EventClock } from '#shared/event.ts';

import type { tallyport } from '../gen/tallyport.js';
import { CLOCK_READINGS_MAX } from './limits.ts';
import { malformed, overLimit } from './malformed.ts';
import { decodeUints, UintColumnEncoder } from './uint-column.ts';

type Wire = Pick<tallyport.v1.IEventColumns, 'clockReading' | 'clock'>;

/** What the events between two changes of the clock have in common. */
type ClockReading = Pick<EventClock, 'bootId' | 'trust'> & {
  /** The wall clock as it was read, less the monotonic clock. */
  readonly offsetMs: number;
  /** 0 for none. */
  readonly correctionMs: number;
};

type Clocked = Pick<Event, 'clock' | 'receiveTimeMs'>;

/** The readings of some events, each once, in the order of first use. */
export class ClockReadings {
  readonly all: ClockReading[] = [];
  readonly #indices = new Map<string, number>();
  /** Most events have the reading of the event before: no key is made for them. */
  #last = -1;

  /** Which of `all` is the event's, added where it is new; -1 where the gateway did not tell. */
  indexOf({ clock, receiveTimeMs }: Clocked): number {
    if (clock === undefined) return -1;
    const { bootId, trust, monotonicMs, correctionMs = 0 } = clock;
    const offsetMs = receiveTimeMs - correctionMs - monotonicMs;
    const last = this.all[this.#last];
    if (
      last === undefined ||
      last.offsetMs !== offsetMs ||
      last.correctionMs !== correctionMs ||
      last.trust !== trust ||
      last.bootId !== bootId
    )
      this.#last = this.#find({ bootId, trust, offsetMs, correctionMs });
    return this.#last;
  }

  #find(reading: ClockReading): number {
    const { bootId, trust, offsetMs, correctionMs } = reading;
    const key = `${bootId} ${trust} ${offsetMs} ${correctionMs}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    this.#indices.set(key, this.all.length);
    return this.all.push(reading) - 1;
  }
}

export class ClockColumnsEncoder {
  readonly #readings = new ClockReadings();
  readonly #row = new UintColumnEncoder();

  push(event: Clocked): void {
    this.#row.push(1 + this.#readings.indexOf(event));
  }

  finish(): Wire {
    const { all } = this.#readings;
    if (all.length === 0) return {};
    return { clockReading: all.map(wireOf), clock: this.#row.finish() };
  }
}

function wireOf({
  bootId,
  trust,
  offsetMs,
  correctionMs,
}: ClockReading): tallyport.v1.IClockReading {
  assert(BOOT_ID_PATTERN.test(bootId), 'a boot id is 12 lower-case hexadecimal digits');
  assert(Number.isSafeInteger(offsetMs), 'clocks are whole milliseconds below 2^53');
  const reading = { bootId, trust: CLOCK_TRUSTS.indexOf(trust) + 1, offsetMs };
  return correctionMs === 0 ? reading : { ...reading, correctionMs };
}

/** The clock of each event, `undefined` where the gateway did not tell; no entries where it never did. */
export function decodeClocks(
  wire: Wire,
  receiveTimesMs: readonly number[],
): (EventClock | undefined)[] {
  const readings = decodeReadings(wire);
  const rows = decodeUints(wire.clock ?? new Uint8Array(), receiveTimesMs.length, 'events.clock');
  if (readings.length === 0 && !rows.some((row) => row > 0)) return [];
  return rows.map((row, i) => {
    if (row === 0) return undefined;
    const reading = readings[row - 1];
    if (reading === undefined)
      throw malformed('events.clock', `expected one of ${readings.length} readings`);
    return clockOf(reading, receiveTimesMs[i] ?? 0);
  });
}

function clockOf(
  { bootId, trust, offsetMs, correctionMs }: ClockReading,
  receiveTimeMs: number,
): EventClock {
  const readMs = receiveTimeMs - correctionMs;
  const monotonicMs = readMs - offsetMs;
  if (!Number.isSafeInteger(readMs) || !Number.isSafeInteger(monotonicMs) || monotonicMs < 0)
    throw malformed('events.clock', 'expected a time since the boot, below 2^53');
  const clock = { bootId, monotonicMs, trust };
  return correctionMs === 0 ? clock : { ...clock, correctionMs };
}

function decodeReadings({ clockReading }: Wire): ClockReading[] {
  const wires = clockReading ?? [];
  if (wires.length > CLOCK_READINGS_MAX)
    throw overLimit('events.clock_reading', `at most ${CLOCK_READINGS_MAX} readings`);
  return wires.map((wire) => {
    const bootId = wire.bootId ?? '';
    const trust = CLOCK_TRUSTS[(wire.trust ?? 0) - 1];
    if (!BOOT_ID_PATTERN.test(bootId))
      throw malformed('events.clock_reading.boot_id', 'expected 12 of 0-9 and a-f');
    if (trust === undefined) throw malformed('events.clock_reading.trust', 'expected 1, 2 or 3');
    return {
      bootId,
      trust,
      offsetMs: safe(wire.offsetMs, 'events.clock_reading.offset_ms'),
      correctionMs: safe(wire.correctionMs, 'events.clock_reading.correction_ms'),
    };
  });
}

/** protobuf's sint64 as a number; a `Long` where the runtime has one. */
function safe(value: number | { toNumber(): number } | null | undefined, column: string): number {
  const number = typeof value === 'object' ? (value?.toNumber() ?? 0) : (value ?? 0);
  if (!Number.isSafeInteger(number))
    throw malformed(column, 'expected a whole number between -2^53 and 2^53');
  return number;
}
