/** What the page of filters shows can be pasted into a config. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { z } from 'zod';

import { parseConfig } from '#shared/config.ts';

import { compileCondition } from '../edge/filter/condition.ts';
import { filtersSchema } from '../edge/filter/filter-config.ts';
import { createFilter } from '../edge/filter/rules.ts';

const page = readFileSync(join(import.meta.dirname, 'FILTERS.md'), 'utf8');

test('the rules of the page are rules, one of each sort that the page tells of', () => {
  const [, yaml = ''] = /```yaml\n(.*?)```/su.exec(page) ?? [];
  const { filters } = parseConfig(yaml, 'page', z.strictObject({ filters: filtersSchema }));
  expect(() => createFilter(filters)).not.toThrow();
  const shown = filters.map((rule) =>
    Object.keys(rule).filter((key) => !['name', 'match'].includes(key)),
  );
  const told = [...page.matchAll(/^\| `(\w+)`/gmu)].map(([, name]) => name);
  expect(shown.flat()).toHaveLength(told.length);
  expect(new Set(shown.flat())).toEqual(new Set(told));
});

test('the fields that the page names are fields of conditions', () => {
  const [, fields = ''] = /on the fields of an event:(.*?)and so on/su.exec(page) ?? [];
  const names = [...fields.matchAll(/`(\w+)`/gu)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(compileCondition(`dyn(${name}) == 1`)).toBeTypeOf('function');
});
