import { describe, expect, test } from 'vitest';

import type { Decoded } from '../decode.ts';
import { elementsDecoded } from './elements-decoded.ts';
import { JSON_BYTES_MAX } from './json.ts';
import { Observation } from './observation.ts';
import { RECEIVED_MS } from '../testing/decode-message.ts';

/** Of `{"t": …}`, a status of that time, or 600 of them; anything else is wrong. */
function decode(payload: string): Decoded {
  const message = {
    topic: 'a/b',
    payload: Buffer.from(payload),
    clientId: 'c',
    receiveTimeMs: RECEIVED_MS,
  };
  return elementsDecoded({ message, names: {}, timeZone: 'UTC' }, 'Dock 1', ({ t }) => {
    const observation = new Observation(message, 'd').at(t ?? 'none', 't');
    for (let i = t === 600 ? 600 : 1; i > 0; i--) observation.status();
    return observation.finish();
  });
}

/** Of each event the seconds; of a raw one its reason and its bytes. */
function outline(payload: string): unknown {
  const decoded = decode(payload);
  if (typeof decoded === 'string') return decoded;
  return decoded.map((event) =>
    event.kind === 'raw'
      ? [event.reason, Buffer.from(event.payload).toString()]
      : event.eventTimeMs / 1000,
  );
}

const WRONG = 't: expected a time';

describe('G2 no-loss: of several objects in a message the wrong ones are kept raw, alone', () => {
  test.each([
    ['one object', '{"t":1}', [1]],
    ['an array', '[{"t":1},{"t":2}]', [1, 2]],
    ['an empty array', ' [ ] ', []],
    ['objects with nothing in between', '{"t":1}{"t":2}', [1, 2]],
    ['objects, a line each', '{"t":1}\r\n{"t":2}\n', [1, 2]],
    ['arrays with nothing in between', '[{"t":1},{"t":2}][][{"t":3}]', [1, 2, 3]],
    ['a wrong one in an array', '[{"t":1}, {"x":"],}"} ,{"t":3}]', [1, [WRONG, '{"x":"],}"}'], 3]],
    [
      'a wrong one in the second of two arrays',
      '[{"t":1}][{"t":2}, {"x":1}]',
      [1, 2, [WRONG, '{"x":1}']],
    ],
    ['a wrong one in a row', '{"t":1}{"x":1}{"t":3}', [1, [WRONG, '{"x":1}'], 3]],
    [
      'elements that are no objects',
      '[null,{"t":1},"x",[{"t":2}]]',
      [
        ['payload: expected an object', 'null'],
        1,
        ['payload: expected an object', '"x"'],
        ['payload: expected an object', '[{"t":2}]'],
      ],
    ],
    ['one that was cut off', '{"t":1}{"t":2', [1, ['payload: expected JSON', '{"t":2']]],
    ['one that is malformed', '{"t":1}{t}{"t":2}', [1, ['payload: expected JSON', '{t}'], 2]],
  ])('%s', (_, payload, expected) => {
    expect(outline(payload)).toEqual(expected);
  });

  test('the raw event names the device and the topic', () => {
    expect(decode('[{"x":1}]')).toMatchObject([{ kind: 'raw', deviceId: 'dock-1', topic: 'a/b' }]);
  });
});

describe('G2 no-loss: the reason is of the whole message', () => {
  test.each([
    ['when it is one object', '{"x":1}', WRONG],
    ['when it is one value', '42', 'payload: expected an object'],
    ['when it is no JSON', '{"t":1', 'payload: expected JSON'],
    ['when no part of it is', '{a}{b}', 'payload: expected JSON'],
    ['when it is empty', '', 'payload: expected JSON, found nothing'],
    ['when it has too many', `[${'{},'.repeat(1000)}{}]`, 'payload: expected at most 1000 objects'],
    ['when too many are in a row', '{}'.repeat(1001), 'payload: expected at most 1000 objects'],
    [
      'when they are in arrays',
      `[${'{},'.repeat(600)}{}]`.repeat(2),
      'payload: expected at most 1000 objects',
    ],
    [
      'when they give too many events',
      '{"t":600}{"t":600}',
      'payload: expected at most 1000 events',
    ],
    [
      'when they are too long together',
      `{"t":1}${' '.repeat(JSON_BYTES_MAX)}{"t":2}`,
      `payload: expected at most ${JSON_BYTES_MAX} bytes`,
    ],
  ])('%s', (_, payload, expected) => {
    expect(decode(payload)).toBe(expected);
  });
});
