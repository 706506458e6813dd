/** The rules of a config, ready to work. */
import { AssertionError } from '#shared/assert.ts';
import type { Event } from '#shared/event.ts';

import { Aggregate } from './aggregate.ts';
import { compileCondition } from './condition.ts';
import { Condense } from './condense.ts';
import { Classify, Drop, GuardedCondition, type OnFault } from './conditional.ts';
import { Deadband } from './deadband.ts';
import { Duplicates } from './duplicates.ts';
import { Exception } from './exception.ts';
import type { FiltersConfig, RuleConfig } from './filter-config.ts';
import { globMatcher } from './glob.ts';
import { THINGS_MAX } from './recent-map.ts';
import type { Action, Rule } from './rule.ts';
import { Sample } from './sample.ts';

export type RuleParts = {
  readonly onFault?: OnFault | undefined;
  /** How often a rule tells of faults at most; once a minute unless it is given. */
  readonly faultEveryMs?: number | undefined;
  /** How many devices or things a rule remembers. */
  readonly thingsMax?: number | undefined;
};

/** Each rule begins with nothing remembered. */
export function compileRules(rules: FiltersConfig, parts: RuleParts = {}): Rule[] {
  return rules.map((rule) => ({
    name: rule.name,
    matches: matcherOf(rule.match ?? {}),
    action: actionOf(rule, parts),
  }));
}

const FAULT_EVERY_MS = 60_000;

function actionOf(rule: RuleConfig, parts: RuleParts): Action {
  const { onFault = () => {}, faultEveryMs = FAULT_EVERY_MS, thingsMax = THINGS_MAX } = parts;
  const guarded = (when: string): GuardedCondition => {
    const condition = compileCondition(when);
    if (typeof condition !== 'function') throw new AssertionError(`expected ${condition.fault}`);
    return new GuardedCondition(rule.name, condition, { onFault, everyMs: faultEveryMs });
  };
  if (rule.duplicates) return new Duplicates(rule.duplicates, thingsMax);
  if (rule.condense) return new Condense(rule.condense, thingsMax);
  if (rule.deadband) return new Deadband(rule.deadband, thingsMax);
  if (rule.exception)
    return new Exception(
      { ...rule.exception, readings: listOf(rule.exception.readings) },
      thingsMax,
    );
  if (rule.sample) return new Sample(rule.sample, thingsMax);
  if (rule.aggregate) {
    const readings = listOf(rule.aggregate.readings);
    return new Aggregate(rule.name, { ...rule.aggregate, readings }, thingsMax);
  }
  if (rule.drop) return new Drop(guarded(rule.drop.when));
  if (rule.classify) return new Classify(guarded(rule.classify.when), rule.classify.as);
  throw new AssertionError(`the rule ${rule.name} does nothing`);
}

type Match = NonNullable<RuleConfig['match']>;

function matcherOf({ device, kind, readPoint }: Match): (event: Event) => boolean {
  const checks: ((event: Event) => boolean)[] = [];
  if (kind !== undefined) {
    const kinds: readonly string[] = listOf(kind);
    const [only] = kinds;
    checks.push(
      kinds.length === 1 ? (event) => event.kind === only : (event) => kinds.includes(event.kind),
    );
  }
  if (device !== undefined) {
    const isOf = globMatcher(listOf(device));
    checks.push((event) => isOf(event.deviceId));
  }
  if (readPoint !== undefined) {
    const isAt = globMatcher(listOf(readPoint));
    checks.push(
      (event) => event.kind === 'scan' && event.readPoint !== undefined && isAt(event.readPoint),
    );
  }
  const [first, second] = checks;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  return (event) => checks.every((check) => check(event));
}

function listOf<T extends string>(value: T | readonly T[]): readonly T[];
function listOf<T extends string>(value: T | readonly T[] | undefined): readonly T[] | undefined;
function listOf<T extends string>(value: T | readonly T[] | undefined): readonly T[] | undefined {
  return typeof value === 'string' ? [value] : value;
}
