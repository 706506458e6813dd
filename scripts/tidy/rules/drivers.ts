import { isTestCode, packageOf, topOf } from '../paths.ts';
import type { Rule, Violation } from '../rule.ts';

/** What stands between us and the outside; each is wrapped in one place, so that it can be changed in one place. */
const DRIVERS = new Set([
  'aedes',
  'mqtt',
  'ws',
  'better-sqlite3',
  '@nats-io/*',
  'pg',
  '@electric-sql/pglite',
  'fastify',
]);

const SIDES = new Set(['edge', 'cloud', 'shared']);

/** A driver, its types included, is imported by one file of a side. */
export const drivers: Rule = (files) => {
  const first = new Map<string, string>();
  const violations: Violation[] = [];
  for (const { path, imports } of files) {
    if (!SIDES.has(topOf(path)) || isTestCode(path)) continue;
    for (const { text, line } of imports) {
      const driver = driverOf(text);
      if (driver === undefined) continue;
      const key = `${topOf(path)} ${driver}`;
      const owner = first.get(key) ?? path;
      first.set(key, owner);
      if (owner !== path) {
        violations.push({ path, line, message: `${driver} is imported by ${owner} already` });
      }
    }
  }
  return violations;
};

function driverOf(specifier: string): string | undefined {
  const name = packageOf(specifier);
  const driver = name.startsWith('@nats-io/') ? '@nats-io/*' : name;
  return DRIVERS.has(driver) ? driver : undefined;
}
