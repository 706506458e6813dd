/** Messages for the tests of formats, and the samples of a format as a test each. */
import { expect, test } from 'vitest';

import type { Format, FormatInput } from '../decode.ts';
import {
  compareFacts,
  messageOf,
  namesOf,
  RECEIVE_TIME_MS,
  recordsOf,
  samplesOf,
} from './sample-facts.ts';
import { expectValidDecoded } from './valid-event.ts';

const TIME_ZONE = 'Europe/Berlin';

/** A message of a device: bytes, text, or a value as JSON. */
export function inputOf(
  topic: string,
  payload: unknown,
  more: { names?: Record<string, string>; retained?: boolean } = {},
): FormatInput {
  const bytes =
    payload instanceof Uint8Array
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const message = { topic, payload: bytes, clientId: 'client-1', receiveTimeMs: RECEIVE_TIME_MS };
  return {
    message: more.retained === true ? { ...message, retained: true } : message,
    names: more.names ?? {},
    timeZone: TIME_ZONE,
  };
}

/** Every fact of every sample of a folder is found. */
export function expectSamples(
  folder: string,
  format: Format,
  pick: (name: string) => boolean = () => true,
): void {
  const samples = samplesOf(folder).filter(({ name }) => pick(name));
  test.each(samples.map((sample) => [sample.name, sample] as const))('%s', (_name, sample) => {
    const input = { message: messageOf(sample), names: namesOf(sample), timeZone: TIME_ZONE };
    const decoded = format(input);
    expectValidDecoded(decoded);
    if (typeof decoded === 'string') throw new Error(decoded);
    const { faults, count } = compareFacts(sample.facts, { records: recordsOf(decoded) });
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
}
