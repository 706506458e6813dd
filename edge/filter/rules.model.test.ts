import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';
import { event as anyEvent } from '#shared/testing/arbitrary-event.ts';

import { compileRules } from './compile-rules.ts';
import type { Filter, Judgement } from './filter.ts';
import type { Rule } from './rule.ts';
import { createFilter, RuleFilter } from './rules.ts';
import { arrivals, rules, type Arrival } from './testing/arbitrary-rules.ts';

const THINGS_MAX = 4;

/** A rule that counts what it makes. */
function counting(rule: Rule, made: { count: number }): Rule {
  const { action } = rule;
  const counted =
    (emit: (event: Event) => void) =>
    (event: Event): void => {
      made.count++;
      emit(event);
    };
  return {
    name: rule.name,
    matches: (event) => rule.matches(event),
    action: {
      judge: (event, nowMs, emit) => action.judge(event, nowMs, counted(emit)),
      tick: (nowMs, emit) => action.tick?.(nowMs, counted(emit)),
      flush: (nowMs, emit) => action.flush?.(nowMs, counted(emit)),
      classOf: (event, nowMs) => action.classOf?.(event, nowMs),
    },
  };
}

const isMade = (event: Event): boolean =>
  (event.kind === 'scan' && event.presence === 'exit') ||
  event.attributes?.['aggregate'] !== undefined;

/** The numbers of what came in, of those that are kept. */
const numbersOf = (events: readonly Event[]): (number | undefined)[] =>
  events.filter((event) => !isMade(event)).map(({ utcOffsetMin }) => utcOffsetMin);

function inMessages(list: readonly Arrival[], size: number): Arrival[][] {
  return list.flatMap((_, i) => (i % size === 0 ? [list.slice(i, i + size)] : []));
}

test('G4 accounts: whatever the rules, each event is kept or removed once, in order, and so is each that a rule made', () => {
  fc.assert(
    fc.property(rules, arrivals, fc.integer({ min: 1, max: 4 }), (config, list, size) => {
      const made = { count: 0 };
      const filter = new RuleFilter(
        compileRules(config, { thingsMax: THINGS_MAX }).map((rule) => counting(rule, made)),
      );
      const names = new Set(config.map(({ name }) => name));
      let kept = 0;
      let removed = 0;
      const take = (judged: Judgement | undefined): void => {
        kept += judged?.kept.length ?? 0;
        removed += judged?.removed.length ?? 0;
        for (const name of judged?.removed ?? []) expect(names).toContain(name);
        if (judged?.classes !== undefined) expect(judged.classes).toHaveLength(judged.kept.length);
      };
      for (const message of inMessages(list, size)) {
        const events = message.map(({ event }) => event);
        const nowMs = message.at(-1)?.monotonicMs ?? 0;
        const judged = filter.judge(events, nowMs);
        take(judged);
        const numbers = numbersOf(judged.kept);
        expect(numbers).toEqual(numbersOf(events).filter((number) => numbers.includes(number)));
        const raws = events.filter(({ kind }) => kind === 'raw');
        expect(judged.kept.filter(({ kind }) => kind === 'raw')).toEqual(raws);
        if ((message[0]?.event.utcOffsetMin ?? 0) % 3 === 0) take(filter.tick(nowMs + 50));
      }
      take(filter.flush(1e9));
      expect(kept + removed).toBe(list.length + made.count);
      expect(filter.flush(1e9)).toBeUndefined();
    }),
    { numRuns: 400 },
  );
});

test('what rules make is a canonical event: whole times, finite numbers, not a key too many', () => {
  fc.assert(
    fc.property(rules, arrivals, (config, list) => {
      const filter = createFilter(config, { thingsMax: THINGS_MAX });
      const kept = list.flatMap(
        ({ event, monotonicMs }) => filter.judge([event], monotonicMs).kept,
      );
      kept.push(...(filter.flush(1e9 + 0.4)?.kept ?? []));
      for (const event of kept) {
        expect(Object.values(event)).not.toContain(undefined);
        if (!isMade(event)) continue;
        expect(Number.isInteger(event.receiveTimeMs)).toBe(true);
        expect(event).not.toHaveProperty('clock');
        expect(event.timeQuality).not.toBe('receive');
        if (event.kind === 'reading') expect(event.readings.length).toBeGreaterThan(0);
      }
    }),
  );
});

type Step =
  | { readonly op: 'judge'; readonly events: readonly Event[]; readonly atMs: number }
  | { readonly op: 'forget' | 'tick' | 'flush'; readonly atMs: number }
  | { readonly op: 'remember'; readonly event: Event; readonly atMs: number };

const anyTime = fc.oneof(
  fc.integer({ min: -1e7, max: 1e9 }),
  fc.double({ noNaN: true, min: -1e6, max: 1e9 }),
);

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      op: fc.constant('judge' as const),
      events: fc.array(anyEvent, { maxLength: 4 }),
      atMs: anyTime,
    }),
    fc.record({
      op: fc.constantFrom('forget' as const, 'tick' as const, 'flush' as const),
      atMs: anyTime,
    }),
    fc.record({ op: fc.constant('remember' as const), event: anyEvent, atMs: anyTime }),
  ),
  { maxLength: 30 },
);

/** What is given back; of a step that gives something. */
function run(filter: Filter, step: Step, last: Judgement | undefined): Judgement | undefined {
  switch (step.op) {
    case 'judge':
      return filter.judge(step.events, step.atMs);
    case 'remember':
      filter.remember(step.event, step.atMs);
      return undefined;
    case 'forget':
      filter.forget(last?.kept ?? []);
      return undefined;
    default:
      return filter[step.op](step.atMs);
  }
}

test('nothing that a device can say, and no order of calls, makes a filter throw', () => {
  fc.assert(
    fc.property(rules, steps, (config, list) => {
      const filter = createFilter(config, { thingsMax: THINGS_MAX });
      let last: Judgement | undefined;
      expect(() => {
        for (const step of list) last = run(filter, step, last) ?? last;
      }).not.toThrow();
    }),
    { numRuns: 300 },
  );
});

const STEADY = ['duplicates', 'deadband', 'exception'] as const;

test('a restart at any moment changes nothing of what these rules keep: their state is what they kept', () => {
  fc.assert(
    fc.property(rules, arrivals, fc.nat(60), (config, list, restartAt) => {
      const steady = config
        .filter((rule) => STEADY.some((name) => rule[name] !== undefined))
        .slice(0, 1);
      const whole = createFilter(steady);
      const expected = list.flatMap(
        ({ event, monotonicMs }) => whole.judge([event], monotonicMs).kept,
      );

      let filter = createFilter(steady);
      const kept: Arrival[] = [];
      for (const [i, { event, monotonicMs }] of list.entries()) {
        if (i === restartAt) {
          filter = createFilter(steady);
          for (const each of kept) filter.remember(each.event, each.monotonicMs);
        }
        const judged = filter.judge([event], monotonicMs);
        kept.push(...judged.kept.map((each) => ({ event: each, monotonicMs })));
      }
      expect(kept.map(({ event }) => event)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
