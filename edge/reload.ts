/** What of a config may change while the gateway runs, and what needs a restart (G9). */
import { isDeepStrictEqual } from 'node:util';

import { TallyError } from '#shared/errors.ts';

import type { EdgeConfig } from './config.ts';

/** Sections that are taken up while messages flow. */
const LIVE: ReadonlySet<string> = new Set([
  'include',
  'timeZone',
  'formats',
  'mqtt.access',
  'readPoints',
  'filters',
  'log',
]);

/** Throws a `TallyError` (`config-needs-restart`) that names every setting which only a restart can change. */
export function assertLive(now: EdgeConfig, next: EdgeConfig): void {
  const changed = differences(now, next).filter((path) => !isLive(path));
  if (changed.length === 0) return;
  throw new TallyError(
    'stop',
    'config-needs-restart',
    `a restart is needed to change ${changed.join(', ')}: the config stays as it was, all of it`,
  );
}

function isLive(path: string): boolean {
  const section = path.split('.')[0] ?? '';
  return LIVE.has(section) || LIVE.has(path);
}

/** The settings that differ, two levels deep. */
function differences(a: object, b: object, prefix = ''): string[] {
  const left = new Map<string, unknown>(Object.entries(a));
  const right = new Map<string, unknown>(Object.entries(b));
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((name) => {
    const one = left.get(name);
    const other = right.get(name);
    if (isDeepStrictEqual(one, other)) return [];
    if (prefix === '' && isSection(one) && isSection(other))
      return differences(one, other, `${name}.`);
    return [`${prefix}${name}`];
  });
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
