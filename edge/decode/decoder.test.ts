import { describe, expect, test } from 'vitest';

import type { Message } from '../ingest/ingest.ts';
import type { Format } from './decode.ts';
import { createDecode } from './decoder.ts';
import { generic } from './generic/generic.ts';
import { Observation } from './payload/observation.ts';
import type { Route } from './router.ts';
import { RECEIVED_MS } from './testing/decode-message.ts';

function message(topic: string, source?: string): Message {
  const base = { topic, payload: Buffer.from('{}'), clientId: 'c', receiveTimeMs: RECEIVED_MS };
  return source === undefined ? base : { ...base, source };
}

/** Says which route it was, and the device that the topic names. */
const told =
  (name: string): Format =>
  ({ message: from, names }) =>
    new Observation(from, names['deviceId'] ?? 'none').keep('route', name).status().finish();

const ROUTES: readonly Route[] = [
  { topic: 'dock/{deviceId}/#', broker: 'hall', format: told('hall only') },
  { topic: 'dock/gate/tags', format: told('the gate') },
  { topic: 'dock/{deviceId}/tags', format: told('any dock') },
  { topic: 'lift/#', device: 'lift-1', format: told('the lift') },
  {
    topic: 'broken/#',
    format: () => {
      throw new TypeError('no such thing');
    },
  },
  { topic: 'odd/#', format: () => 'payload: expected something else' },
  { topic: 'later/#', format: (input) => Promise.resolve(told('later')(input)) },
  { topic: 'quiet/#', format: () => [] },
];

const decode = createDecode({ routes: ROUTES, fallback: generic, readPoints: [], timeZone: 'UTC' });

describe('the route of a message', () => {
  test.each([
    ['dock/gate/tags', undefined, 'the gate', 'none'],
    ['dock/7/tags', undefined, 'any dock', '7'],
    ['dock/7/tags', 'hall', 'hall only', '7'],
    ['dock/7/tags', 'yard', 'any dock', '7'],
    ['lift/door/open', undefined, 'the lift', 'lift-1'],
  ])('%s of broker %s', (topic, source, route, deviceId) => {
    // Twice: the second time it is remembered.
    for (let i = 0; i < 2; i++)
      expect(decode(message(topic, source))).toMatchObject([{ deviceId, attributes: { route } }]);
  });

  test('topics that no route fits are of the generic profile', () => {
    expect(decode(message('dock/7/other'))).toMatchObject([
      { kind: 'raw', reason: expect.stringContaining('topic: expected scan, position') as string },
    ]);
  });

  test('a format that answers later is waited for, with the payload as it was', async () => {
    const later = decode(message('later/x'));
    expect(later).toBeInstanceOf(Promise);
    expect(await later).toMatchObject([{ attributes: { route: 'later' } }]);
  });

  test('a message that carries nothing makes no event', () => {
    expect(decode(message('quiet/x'))).toEqual([]);
  });

  test('G2 no-loss: what a format cannot read, or fails on, is kept raw with the reason', () => {
    expect(decode(message('odd/x'))).toMatchObject([
      { kind: 'raw', reason: 'payload: expected something else', topic: 'odd/x' },
    ]);
    expect(decode(message('broken/x'))).toMatchObject([
      { kind: 'raw', reason: 'format: expected no fault of ours: no such thing' },
    ]);
  });

  test('G7 bounded: a device that makes up topics fills no memory', () => {
    for (let i = 0; i < 30_000; i++) expect(decode(message(`dock/${i}/tags`))).toHaveLength(1);
    expect(decode(message('dock/1/tags'))).toMatchObject([{ deviceId: '1' }]);
  });
});
