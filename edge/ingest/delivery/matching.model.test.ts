/** Trees of filters and of topics against a matcher of a few lines, straight from section 4.7 of MQTT 3.1.1. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Publication, Qos } from './publication.ts';
import { RetainedMessages } from './retained-messages.ts';
import { SubscriptionTree } from './subscription-tree.ts';

/** Few names, so that much matches, and empty ones, which are levels too (MQTT-4.7.1-3, 4.7.3). */
const names = fc.constantFrom('a', 'b', '', '$x');
const topics = fc.array(names, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filters = fc
  .tuple(fc.array(fc.oneof(names, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, endsWild]) => [...levels, ...(endsWild ? ['#'] : [])])
  .filter((levels) => levels.length > 0)
  .map((levels) => levels.join('/'));
const qualities = fc.constantFrom<Qos>(0, 1, 2);

function matches(filter: string, topic: string): boolean {
  const isWild = filter.startsWith('+') || filter.startsWith('#');
  if (topic.startsWith('$') && isWild) return false;
  const parts = filter.split('/');
  const levels = topic.split('/');
  for (const [i, part] of parts.entries()) {
    if (part === '#') return true;
    const level = levels[i];
    if (level === undefined || (part !== '+' && part !== level)) return false;
  }
  return parts.length === levels.length;
}

const LIMITS = { retainedMax: 100, retainedBytesMax: 1e6, retainedPerClientMax: 100 };
const publicationOf = (topic: string, text = 'x'): Publication => ({
  topic,
  payload: Buffer.from(text),
  qos: 1,
});

describe('the tree of subscriptions', () => {
  const steps = fc.array(
    fc.record({
      subscriber: fc.constantFrom('s', 't', 'u'),
      filter: filters,
      qos: fc.option(qualities, { nil: undefined }),
    }),
    { maxLength: 30 },
  );

  test('finds each subscriber once, with its highest QoS, whatever came and went [MQTT-3.3.5-1]', () => {
    fc.assert(
      fc.property(steps, fc.array(topics, { minLength: 1 }), (steps, topics) => {
        const tree = new SubscriptionTree<string>();
        const model = new Map<string, { subscriber: string; filter: string; qos: Qos }>();
        for (const { subscriber, filter, qos } of steps) {
          const key = `${subscriber} ${filter}`;
          if (qos === undefined) {
            tree.remove(filter, subscriber);
            model.delete(key);
          } else {
            tree.add(filter, subscriber, qos);
            model.set(key, { subscriber, filter, qos });
          }
          expect(tree.size).toBe(model.size);
        }
        for (const topic of topics) {
          const wanted = new Map<string, Qos>();
          for (const { subscriber, filter, qos } of model.values()) {
            const best = Math.max(qos, wanted.get(subscriber) ?? 0) as Qos;
            if (matches(filter, topic)) wanted.set(subscriber, best);
          }
          expect(tree.match(topic)).toEqual(wanted);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is retained', () => {
  const steps = fc.array(
    fc.record({ topic: topics, text: fc.constantFrom('', 'x', 'longer'), owner: names }),
    { maxLength: 30 },
  );

  test('is the last message of each topic, found by every filter that matches [MQTT-3.3.1-5]', () => {
    fc.assert(
      fc.property(steps, fc.array(filters, { minLength: 1 }), (steps, filters) => {
        const retained = new RetainedMessages(LIMITS);
        const model = new Map<string, string>();
        for (const { topic, text, owner } of steps) {
          expect(retained.keep(publicationOf(topic, text), owner)).toBe(true);
          if (text === '') model.delete(topic);
          else model.set(topic, text);
          expect(retained.count).toBe(model.size);
        }
        for (const filter of filters) {
          const found = retained.match(filter);
          const wanted = [...model].filter(([topic]) => matches(filter, topic));
          expect(found).toHaveLength(wanted.length);
          expect(new Map(found.map(({ topic, payload }) => [topic, String(payload)]))).toEqual(
            new Map(wanted),
          );
        }
        for (const topic of model.keys()) retained.keep(publicationOf(topic, ''), 'any');
        expect(retained).toMatchObject({ count: 0, bytes: 0 });
      }),
      { numRuns: 500 },
    );
  });

  test('G7 bounded: beyond its limits a message is not kept, and none that is older stays in its place', () => {
    const few = new RetainedMessages({ ...LIMITS, retainedMax: 2 });
    expect(few.keep(publicationOf('a'), 'm')).toBe(true);
    expect(few.keep(publicationOf('b'), 'm')).toBe(true);
    expect(few.keep(publicationOf('c'), 'm')).toBe(false);
    expect(few.keep(publicationOf('b', 'newer'), 'm')).toBe(true);
    expect(few.match('#').map(({ payload }) => String(payload))).toEqual(['x', 'newer']);

    const small = new RetainedMessages({ ...LIMITS, retainedBytesMax: 1000 });
    expect(small.keep(publicationOf('a'), 'm')).toBe(true);
    expect(small.keep(publicationOf('a', 'y'.repeat(1000)), 'm')).toBe(false);
    expect(small).toMatchObject({ count: 0, bytes: 0 });
  });

  test('G7 bounded: one client cannot take the room of all', () => {
    const retained = new RetainedMessages({ ...LIMITS, retainedPerClientMax: 2 });
    for (const topic of ['a', 'b', 'c']) retained.keep(publicationOf(topic), 'greedy');
    expect(retained.keep(publicationOf('d'), 'modest')).toBe(true);
    expect(retained.match('#').map(({ topic }) => topic)).toEqual(['a', 'b', 'd']);
    retained.keep(publicationOf('a', ''), 'modest');
    expect(retained.keep(publicationOf('c'), 'greedy')).toBe(true);
  });
});
