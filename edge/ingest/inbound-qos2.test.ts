import { describe, expect, test } from 'vitest';

import { InboundQos2 } from './inbound-qos2.ts';

/** Enters a first copy and settles it. */
function acceptOne(qos2: InboundQos2, clientId: string, packetId: number): void {
  const settled = qos2.enter(clientId, packetId, () => {});
  if (typeof settled === 'string') throw new Error(settled);
  settled();
}

describe('inbound QoS 2', () => {
  test('all copies are answered once, when the first is settled', () => {
    const qos2 = new InboundQos2();
    const answers: string[] = [];
    const settled = qos2.enter('a', 1, () => answers.push('first'));
    expect(qos2.enter('a', 1, () => answers.push('second'))).toBe('again');
    expect(qos2.isAccepted('a', 1)).toBe(false);
    expect(answers).toEqual([]);
    if (typeof settled === 'function') settled();
    expect(answers).toEqual(['first', 'second']);
    expect(qos2.isAccepted('a', 1)).toBe(true);
    expect(qos2.enter('a', 1, () => answers.push('third'))).toBe('again');
    expect(answers).toEqual(['first', 'second', 'third']);
  });

  test('sessions and identifiers do not meet', () => {
    const qos2 = new InboundQos2();
    acceptOne(qos2, 'a', 1);
    expect(qos2.enter('b', 1, () => {})).toBeTypeOf('function');
    expect(qos2.enter('a', 2, () => {})).toBeTypeOf('function');
  });

  test('after an error the next copy is the first', () => {
    const qos2 = new InboundQos2();
    const errors: unknown[] = [];
    const error = new Error('no room');
    const settled = qos2.enter('a', 1, (reason) => errors.push(reason));
    if (typeof settled === 'function') settled(error);
    expect(errors).toEqual([error]);
    expect(qos2.isAccepted('a', 1)).toBe(false);
    expect(qos2.enter('a', 1, () => {})).toBeTypeOf('function');
  });

  test('a PUBREL that comes before its time does not keep the identifier', () => {
    const qos2 = new InboundQos2();
    const settled = qos2.enter('a', 1, () => {});
    qos2.release('a', 1);
    if (typeof settled === 'function') settled();
    expect(qos2.enter('a', 1, () => {})).toBeTypeOf('function');
  });

  test('a session that was forgotten while a message settled stays forgotten', () => {
    const qos2 = new InboundQos2();
    const settled = qos2.enter('a', 1, () => {});
    qos2.forget('a');
    acceptOne(qos2, 'a', 1);
    if (typeof settled === 'function') settled(new Error('late'));
    expect(qos2.isAccepted('a', 1)).toBe(true);
    qos2.release('a', 1);
    expect(qos2.isAccepted('a', 1)).toBe(false);
  });

  test('G7 bounded: a session has 1000, all together 100 000, the oldest session goes first', () => {
    const qos2 = new InboundQos2();
    for (let session = 0; session < 101; session++) {
      for (let id = 1; id <= 1000; id++) acceptOne(qos2, `s${session}`, id);
    }
    expect(qos2.enter('s100', 1001, () => {})).toBe('full');
    expect([0, 1, 100].map((session) => qos2.isAccepted(`s${session}`, 1000))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
