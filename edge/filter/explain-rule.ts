/** A rule in plain words, for a person who checks a config. */
import { duration } from '#shared/humane.ts';

import type { RuleConfig } from './filter-config.ts';

/** `of fx9600-*, scans: what a device says again within 5 min is removed`. */
export function explainRule(rule: RuleConfig): string {
  const scope = scopeOf(rule.match ?? {});
  return `${scope === '' ? '' : `${scope}: `}${actionOf(rule)}`;
}

function scopeOf({ device, kind, readPoint }: NonNullable<RuleConfig['match']>): string {
  return [
    ...(kind === undefined ? [] : [listed(kind, 'and', (each) => `${each}s`)]),
    ...(device === undefined ? [] : [`of ${listed(device, 'and')}`]),
    ...(readPoint === undefined ? [] : [`at ${listed(readPoint, 'and')}`]),
  ].join(' ');
}

function actionOf(rule: RuleConfig): string {
  if (rule.duplicates)
    return `what a device says again within ${duration(rule.duplicates.windowS)} is removed`;
  if (rule.condense) return condense(rule.condense);
  if (rule.deadband) return deadband(rule.deadband);
  if (rule.exception) return exception(rule.exception);
  if (rule.sample) {
    const { everyS, oneIn } = rule.sample;
    return everyS === undefined
      ? `of what a device says of one thing, one in ${oneIn} is kept`
      : `of what a device says of one thing, one in ${duration(everyS)} is kept`;
  }
  if (rule.aggregate) {
    const { windowS, functions, readings } = rule.aggregate;
    return `${of(readings)} of ${duration(windowS)} become one event: ${listed(functions, 'and')}`;
  }
  if (rule.drop) return `removed when ${rule.drop.when}`;
  return rule.classify === undefined
    ? 'kept'
    : `worth as much as ${rule.classify.as} when ${rule.classify.when}`;
}

function condense({ exitAfterS, everyS, by }: NonNullable<RuleConfig['condense']>): string {
  const place = by.includes('antenna') ? 'a device and antenna' : 'a device';
  const between = everyS === undefined ? 'nothing' : `one read in ${duration(everyS)}`;
  return `reads of a thing at ${place} become an enter and, ${duration(exitAfterS)} after the last, an exit; ${between} between`;
}

function deadband(settings: NonNullable<RuleConfig['deadband']>): string {
  const { distanceM, headingDeg, everyS } = settings;
  const reasons = [
    ...(distanceM === undefined ? [] : [`${distanceM} m away from the last`]),
    ...(headingDeg === undefined ? [] : [`${headingDeg}° off its heading`]),
    ...(everyS === undefined ? [] : [`${duration(everyS)} later`]),
  ];
  return `a position is kept when it is ${listed(reasons, 'or')}`;
}

function exception(settings: NonNullable<RuleConfig['exception']>): string {
  const { absolute, percent, hysteresis, everyS, readings } = settings;
  const reasons = [
    ...(absolute === undefined ? [] : [`by ${absolute}`]),
    ...(percent === undefined ? [] : [`by ${percent} %`]),
  ];
  const change = reasons.length === 0 ? 'at all' : listed(reasons, 'or');
  const back = hysteresis === undefined ? '' : `, and ${hysteresis} more to turn back`;
  const late = everyS === undefined ? '' : `, or ${duration(everyS)} later`;
  return `${of(readings)} are kept when one has changed ${change}${back}${late}`;
}

function of(readings: string | readonly string[] | undefined): string {
  return readings === undefined ? 'readings' : `the readings ${listed(readings, 'and')}`;
}

function listed(
  items: string | readonly string[],
  conjunction: string,
  word: (item: string) => string = (item) => item,
): string {
  const words = (typeof items === 'string' ? [items] : items).map(word);
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
