import { describe, expect, test } from 'vitest';

import { TallyError } from '#shared/errors.ts';

import { BrokerInbound, type AckLink } from './broker-inbound.ts';
import type { Message } from '../ingest.ts';
import type { Publish } from '../publish-gate.ts';

const full = new TallyError('retry', 'journal-full', 'the journal is full');

type TestLink = AckLink & { isGone: boolean; readonly acks: string[]; readonly errors: Error[] };

function link(): TestLink {
  const acks: string[] = [];
  const errors: Error[] = [];
  return {
    isGone: false,
    acks,
    errors,
    acknowledge: (qos, packetId) =>
      void acks.push(`${qos === 1 ? 'PUBACK' : 'PUBREC'} ${packetId}`),
    withhold(error) {
      errors.push(error);
      this.isGone = true;
    },
    wake: () => {},
  };
}

function world() {
  const messages: (Message & { settle: (error?: TallyError) => void })[] = [];
  const inbound = new BrokerInbound({
    name: 'hall-1',
    clientId: 'tallyport-gw-1',
    receiveMaximum: 3,
    clock: { now: () => 1000 },
    accept: (message, settle) => void messages.push({ ...message, settle }),
  });
  return { inbound, messages };
}

function publish(qos: 0 | 1 | 2, messageId: number, changes: Partial<Publish> = {}): Publish {
  const payload = Buffer.from('x');
  return { topic: 'depot/a', payload, qos, retain: false, dup: false, messageId, ...changes };
}

describe('QoS 2 of a broker', () => {
  test('G1 durable-ack: a copy that comes while the first is settled is acknowledged with it, and accepted once', () => {
    const { inbound, messages } = world();
    const [old, fresh] = [link(), link()];
    inbound.take(publish(2, 7), old);
    old.isGone = true;
    inbound.take(publish(2, 7, { dup: true }), fresh);
    expect([messages.length, fresh.acks]).toEqual([1, []]);
    messages[0]?.settle();
    expect([old.acks, fresh.acks]).toEqual([[], ['PUBREC 7']]);
    inbound.take(publish(2, 7, { dup: true }), fresh);
    expect(fresh.acks).toEqual(['PUBREC 7', 'PUBREC 7']);
    expect(messages).toHaveLength(1);
  });

  test('G1 durable-ack: where the first cannot be made durable, the connection of the copy ends too, and the next copy is accepted', () => {
    const { inbound, messages } = world();
    const [old, fresh, third] = [link(), link(), link()];
    inbound.take(publish(2, 7), old);
    old.isGone = true;
    inbound.take(publish(2, 7, { dup: true }), fresh);
    messages[0]?.settle(full);
    expect([fresh.acks, fresh.errors]).toEqual([[], [full]]);
    inbound.take(publish(2, 7, { dup: true }), third);
    messages[1]?.settle();
    expect(third.acks).toEqual(['PUBREC 7']);
  });

  test('after its PUBREL an identifier is free for the same message again', () => {
    const { inbound, messages } = world();
    const it = link();
    inbound.take(publish(2, 7), it);
    messages[0]?.settle();
    inbound.release(7);
    inbound.take(publish(2, 7), it);
    expect(messages).toHaveLength(2);
  });

  test('G2 no-loss: an identifier that a broker gives to another message without a PUBREL is no copy, and the old one does not acknowledge the new one', () => {
    const { inbound, messages } = world();
    const it = link();
    inbound.take(publish(2, 7), it);
    inbound.take(publish(2, 7, { payload: Buffer.from('y') }), it);
    expect(messages.map(({ payload }) => Buffer.from(payload).toString())).toEqual(['x', 'y']);
    messages[0]?.settle();
    expect(it.acks).toEqual([]);
    messages[1]?.settle();
    expect(it.acks).toEqual(['PUBREC 7']);
  });

  test('a session that the broker lost is forgotten: the same under the same identifier is a new message', () => {
    const { inbound, messages } = world();
    inbound.take(publish(2, 7), link());
    messages[0]?.settle();
    inbound.forgetSession();
    inbound.take(publish(2, 7), link());
    expect(messages).toHaveLength(2);
  });
});

describe('what a broker delivers', () => {
  test('G7 bounded: closes the intake at the receive maximum, and opens it when one is settled', () => {
    const { inbound, messages } = world();
    const it = link();
    for (const id of [1, 2, 3]) inbound.take(publish(1, id), it);
    expect([inbound.isOpen, inbound.counts().unsettled]).toEqual([false, 3]);
    messages[1]?.settle();
    expect([inbound.isOpen, it.acks]).toEqual([true, ['PUBACK 2']]);
  });

  test('G7 bounded: closes the intake when what is unsettled is long', () => {
    const { inbound, messages } = world();
    inbound.take(publish(0, 0, { payload: Buffer.alloc(17 * 1024 * 1024) }), link());
    expect(inbound.isOpen).toBe(false);
    messages[0]?.settle();
    expect(inbound.isOpen).toBe(true);
  });

  test.for(['a\u0000b', '$SYS/broker/load', 'a/+', `${'x/'.repeat(40)}x`, 'caf\ufffd', ''])(
    'G2 no-loss: is kept under another topic where its own is not allowed: %j',
    (topic) => {
      const { inbound, messages } = world();
      const it = link();
      expect(inbound.take(publish(1, 5, { topic }), it)).toBeUndefined();
      expect(messages).toMatchObject([{ topic: 'unfit-topic', source: 'hall-1' }]);
      messages[0]?.settle();
      expect(it.acks).toEqual(['PUBACK 5']);
      expect(inbound.counts().refused).toEqual({ topic: 1 });
    },
  );

  test('is not taken without a packet identifier, which no acknowledgement could name', () => {
    const { inbound, messages } = world();
    expect(inbound.take(publish(1, 0), link())).toBe('packet-id');
    expect(messages).toEqual([]);
  });

  test('has the keys of its broker and session: the same from another broker is another message', () => {
    const { inbound, messages } = world();
    inbound.take(publish(1, 5), link());
    inbound.take(publish(1, 5, { dup: true, retain: true }), link());
    expect(messages[0]?.messageKey).toBe(messages[1]?.messageKey);
    expect(messages).toMatchObject([
      { redelivered: false, retained: false },
      { redelivered: true, retained: true },
    ]);
  });
});
