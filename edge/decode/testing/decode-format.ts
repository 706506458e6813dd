/** A format at work on single payloads, and on the samples of its folder. */
import { expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';
import { identify, identifyEpc } from '#shared/identifiers/identify.ts';

import type { Decoded, Format, FormatInput } from '../decode.ts';
import {
  compareFacts,
  messageOf,
  namesOf,
  recordsOf,
  samplesOf,
  type Facts,
} from './sample-facts.ts';
import { expectValidDecoded } from './valid-event.ts';

export const RECEIVED_MS = Date.UTC(2026, 10, 23, 8);

/** A payload (bytes, text, or a value as JSON) of a device that its topic calls `dock-1`. */
export function inputOf(payload: unknown, topic = 'readers/dock-1/data'): FormatInput {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const message = { topic, payload: bytes, clientId: 'bridge', receiveTimeMs: RECEIVED_MS };
  return { message, names: { deviceId: 'dock-1' }, timeZone: 'Europe/Berlin' };
}

/** What a format makes of a payload; its events are valid. */
export function decodeWith(format: Format, payload: unknown, topic?: string): Decoded {
  const decoded = format(inputOf(payload, topic));
  expectValidDecoded(decoded);
  return decoded;
}

/** The events of a payload that a format understands. */
export function eventsWith(format: Format, payload: unknown, topic?: string): readonly Event[] {
  const decoded = decodeWith(format, payload, topic);
  return typeof decoded === 'string' ? expect.fail(`kept raw: ${decoded}`) : decoded;
}

/** A record with what was read identified, told as the facts of the samples tell it. */
export function identified(record: Facts): Facts {
  const { rawScan } = record;
  if (typeof rawScan !== 'string') return record;
  const isTag = HEX.test(rawScan);
  const { scheme, parcelId, epcUri = null } = isTag ? identifyEpc(rawScan) : identify(rawScan);
  const identifier = isTag ? { scheme, hex: rawScan, epcUri } : { scheme, value: parcelId };
  return { ...record, identifier };
}

const HEX = /^[\dA-F]+$/u;

/** A test of each sample in a folder: every fact is there, and nothing more happened than what is expected. */
export function testSamples(folder: string, format: Format): void {
  test.each(samplesOf(folder).map((sample) => [sample.name, sample] as const))(
    'the sample %s gives its facts',
    (_, sample) => {
      const input = { message: messageOf(sample), names: namesOf(sample), timeZone: 'UTC' };
      const decoded = format(input);
      expectValidDecoded(decoded);
      const records = typeof decoded === 'string' ? [] : recordsOf(decoded).map(identified);
      const wanted = sample.facts['records'] as readonly Facts[];
      const { faults, count } = compareFacts(wanted, records);
      expect(faults).toEqual([]);
      expect(records).toHaveLength(wanted.length);
      expect(count > 0 || wanted.length === 0).toBe(true);
    },
  );
}
