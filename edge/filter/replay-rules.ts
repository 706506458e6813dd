/** What rules would have done to events that are stored, told before they are turned on. */
import type { Event, EventKind } from '#shared/event.ts';

import { compileRules } from './compile-rules.ts';
import type { FiltersConfig } from './filter-config.ts';
import type { Judgement } from './filter.ts';
import type { Rule } from './rule.ts';
import { RuleFilter } from './rules.ts';

/** An event, and when the gateway took it by a clock that never goes back. */
export type StoredEvent = { readonly event: Event; readonly monotonicMs: number };

export type KindCounts = Readonly<Partial<Record<EventKind, number>>>;

/** What became of the events that a rule is for and that reached it. */
export type RuleOutcome = {
  readonly name: string;
  readonly seen: number;
  readonly removed: number;
  readonly removedByKind: KindCounts;
  /** Events that its condition could not judge, and why it could not judge the first. */
  readonly faults: number;
  readonly fault?: string;
};

/** Events and made events are together as many as the kept and the removed (G4). */
export type RulesReplay = {
  readonly events: number;
  /** Events that the rules made of others. */
  readonly made: number;
  readonly kept: number;
  readonly keptByKind: KindCounts;
  readonly removed: number;
  readonly rules: readonly RuleOutcome[];
};

/** A running gateway ticks about as often. */
const TICK_MS = 1000;

/** Runs the events, oldest first, through new rules as a gateway would. */
export async function replayRules(
  events: AsyncIterable<StoredEvent> | Iterable<StoredEvent>,
  rules: FiltersConfig,
): Promise<RulesReplay> {
  const counters = new Map(rules.map(({ name }) => [name, new RuleCounter(name)]));
  const compiled = compileRules(rules, {
    faultEveryMs: 0,
    onFault: (name, reason, count) => counters.get(name)?.fault(reason, count),
  });
  const filter = new RuleFilter(
    compiled.map((rule) => counters.get(rule.name)?.counting(rule) ?? rule),
  );
  const kept = new Counts();
  let count = 0;
  let removed = 0;
  const take = (judged: Judgement | undefined): void => {
    judged?.kept.forEach(({ kind }) => kept.add(kind));
    removed += judged?.removed.length ?? 0;
  };

  let nowMs = Number.NEGATIVE_INFINITY;
  let tickedMs = Number.NEGATIVE_INFINITY;
  for await (const { event, monotonicMs } of events) {
    nowMs = monotonicMs;
    if (nowMs - tickedMs >= TICK_MS) {
      tickedMs = nowMs;
      take(filter.tick(nowMs));
    }
    count++;
    take(filter.judge([event], nowMs));
  }
  take(filter.flush(nowMs));

  return {
    events: count,
    made: kept.sum + removed - count,
    kept: kept.sum,
    keptByKind: kept.byKind,
    removed,
    rules: [...counters.values()].map((counter) => counter.outcome()),
  };
}

class Counts {
  readonly byKind: Partial<Record<EventKind, number>> = {};
  sum = 0;

  add(kind: EventKind): void {
    this.sum++;
    this.byKind[kind] = (this.byKind[kind] ?? 0) + 1;
  }
}

class RuleCounter {
  readonly #name: string;
  readonly #removed = new Counts();
  #seen = 0;
  #faults = 0;
  #fault: string | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** The rule, watched. */
  counting(rule: Rule): Rule {
    const { action } = rule;
    const watched: Rule['action'] = {
      judge: (event, nowMs, emit) => {
        this.#seen++;
        const kept = action.judge(event, nowMs, emit);
        if (kept === undefined) this.#removed.add(event.kind);
        return kept;
      },
      tick: (nowMs, emit) => action.tick?.(nowMs, emit),
      flush: (nowMs, emit) => action.flush?.(nowMs, emit),
      classOf: (event, nowMs) => action.classOf?.(event, nowMs),
    };
    return { name: rule.name, matches: (event) => rule.matches(event), action: watched };
  }

  fault(reason: string, count: number): void {
    this.#fault ??= reason;
    this.#faults += count;
  }

  outcome(): RuleOutcome {
    return {
      name: this.#name,
      seen: this.#seen,
      removed: this.#removed.sum,
      removedByKind: this.#removed.byKind,
      faults: this.#faults,
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
    };
  }
}
