/** Reads a batch that somebody else made: limits first, then structure, then columns. */
import { constants, zstdDecompressSync } from 'node:zlib';

import { must } from '#shared/assert.ts';
import { TallyError } from '#shared/errors.ts';
import { EVENT_KINDS, type Event, type EventKind } from '#shared/event.ts';
import { ID_PATTERN } from '#shared/names.ts';
import { unzigzag } from '#shared/varint.ts';

import { tallyport } from '../gen/tallyport.js';
import type { Batch } from './batch.ts';
import { decodeClocks } from './clock-columns.ts';
import { decodeHeader } from './decode-header.ts';
import {
  decodePositions,
  decodeRaws,
  decodeReadings,
  decodeScans,
  decodeStatuses,
  type KindRows,
} from './decode-kinds.ts';
import {
  BATCH_BYTES_MAX,
  BATCH_EVENTS_MAX,
  BATCH_PLAIN_BYTES_MAX,
  BATCH_ROWS_MAX,
  BATCH_TEXT_MAX,
  ZSTD_WINDOW_LOG_MAX,
} from './limits.ts';
import { malformed, overLimit } from './malformed.ts';
import { decodeStrings } from './string-column.ts';
import { TextBudget } from './text-budget.ts';
import { decodeUints } from './uint-column.ts';

/** The batch of one message. Throws a `TallyError` of kind `input` for anything that is none. */
export function decodeBatch(bytes: Uint8Array): Batch {
  if (bytes.length > BATCH_BYTES_MAX)
    throw overLimit('message', `at most ${BATCH_BYTES_MAX} bytes`);
  return decodePlain(decompress(bytes));
}

function decompress(bytes: Uint8Array): Uint8Array {
  try {
    return zstdDecompressSync(bytes, {
      maxOutputLength: BATCH_PLAIN_BYTES_MAX,
      params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX },
    });
  } catch (error) {
    if (error instanceof RangeError)
      throw overLimit('message', `at most ${BATCH_PLAIN_BYTES_MAX} bytes decompressed`);
    throw new TallyError('input', 'batch-malformed', 'message: expected one zstd frame', {
      cause: error,
    });
  }
}

/** The batch of a message that is decompressed already. */
export function decodePlain(plain: Uint8Array): Batch {
  const wire = parse(plain);
  const header = decodeHeader(wire);
  const events =
    wire.events === null || wire.events === undefined ? [] : decodeEvents(wire, wire.events);
  const shed = header.shed.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const expected = header.lastSeq - header.firstSeq + 1 - shed;
  if (events.length !== expected)
    throw malformed('events.count', `expected ${expected} for the range, found ${events.length}`);
  return { ...header, events };
}

function parse(plain: Uint8Array): tallyport.v1.Batch {
  try {
    return tallyport.v1.Batch.decode(plain);
  } catch (error) {
    throw new TallyError('input', 'batch-malformed', 'message: expected a tallyport.v1.Batch', {
      cause: error,
    });
  }
}

function decodeEvents(wire: tallyport.v1.IBatch, columns: tallyport.v1.IEventColumns): Event[] {
  const count = columns.count ?? 0;
  if (count > BATCH_EVENTS_MAX) throw overLimit('events.count', `at most ${BATCH_EVENTS_MAX}`);
  const budget = new TextBudget(BATCH_TEXT_MAX);
  const kinds = decodeUints(columns.kind ?? new Uint8Array(), count, 'events.kind').map(kindOf);
  const device = decodeStrings(columns.device, { count, column: 'events.device', budget });
  const receiveTimesMs = decodeReceiveTimes(columns, count);
  const clocks = decodeClocks(columns, receiveTimesMs);
  const attributes = decodeAttributes(columns, count, budget);
  const rowsOf = (kind: EventKind): KindRows => {
    const pick = <T>(values: readonly T[]): T[] => values.filter((_, i) => kinds[i] === kind);
    return {
      deviceIds: pick(device.values).map((deviceId) => {
        return deviceOf(deviceId, kind);
      }),
      devices: pick(device.indices),
      receiveTimesMs: pick(receiveTimesMs),
      clocks: pick(clocks),
      attributes: pick(attributes),
      budget,
    };
  };
  const events: Record<EventKind, Event[]> = {
    scan: decodeScans(wire.scans ?? {}, rowsOf('scan')),
    position: decodePositions(wire.positions ?? {}, rowsOf('position')),
    reading: decodeReadings(wire.readings ?? {}, rowsOf('reading')),
    status: decodeStatuses(wire.statuses ?? {}, rowsOf('status')),
    raw: decodeRaws(wire.raws ?? {}, rowsOf('raw')),
  };
  const next = { scan: 0, position: 0, reading: 0, status: 0, raw: 0 };
  return kinds.map((kind) => must(events[kind][next[kind]++], 'an event for each row of its kind'));
}

/** Only a `raw` event may have no device. */
function deviceOf(deviceId: string | undefined, kind: EventKind): string {
  if (deviceId === undefined) throw malformed('events.device', 'expected a device in every row');
  if (ID_PATTERN.test(deviceId) || (deviceId === '' && kind === 'raw')) return deviceId;
  throw malformed('events.device', 'expected 1 to 64 of a-z, 0-9 and -');
}

function kindOf(code: number): EventKind {
  const kind = EVENT_KINDS[code];
  if (kind === undefined) throw malformed('events.kind', `expected 0 to ${EVENT_KINDS.length - 1}`);
  return kind;
}

function decodeReceiveTimes(columns: tallyport.v1.IEventColumns, count: number): number[] {
  let timeMs = Number(columns.baseTimeMs ?? 0);
  return decodeUints(columns.receiveTime ?? new Uint8Array(), count, 'events.receive_time').map(
    (delta) => {
      timeMs += unzigzag(delta);
      if (!Number.isSafeInteger(timeMs))
        throw malformed('events.receive_time', 'expected a time below 2^53');
      return timeMs;
    },
  );
}

function decodeAttributes(
  columns: tallyport.v1.IEventColumns,
  count: number,
  budget: TextBudget,
): (Record<string, string> | undefined)[] {
  const counts = decodeUints(
    columns.attributeCount ?? new Uint8Array(),
    count,
    'events.attribute_count',
  );
  const rows = counts.reduce((sum, each) => sum + each, 0);
  if (rows > BATCH_ROWS_MAX)
    throw overLimit('events.attribute_count', `at most ${BATCH_ROWS_MAX} attributes`);
  const keys = decodeStrings(columns.attributeKey, {
    count: rows,
    column: 'events.attribute_key',
    budget,
  }).values;
  const values = decodeStrings(columns.attributeValue, {
    count: rows,
    column: 'events.attribute_value',
    budget,
  }).values;
  let next = 0;
  return counts.map((each) => {
    if (each === 0) return undefined;
    const entries: [string, string][] = [];
    for (const end = next + each; next < end; next++) {
      const key = keys[next];
      const value = values[next];
      if (key === undefined || value === undefined)
        throw malformed('events.attribute_key', 'expected a key and a value in every row');
      entries.push([key, value]);
    }
    return Object.fromEntries(entries);
  });
}
