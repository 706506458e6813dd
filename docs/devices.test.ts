/** The page of devices shows every format, each as a line that a config may have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { parseConfig } from '#shared/config.ts';

import { edgeConfigSchema } from '../edge/config.ts';
import { FORMAT_NAMES } from '../edge/decode/formats.ts';

const page = readFileSync(join(import.meta.dirname, 'DEVICES.md'), 'utf8');
const blocks = [...page.matchAll(/```ya?ml\n(.*?)```/gsu)].map(([, yaml = '']) => yaml);
const NEEDED = 'site: s\ngateway: g\ndataDir: /d\n';

test('each format has a line, and the lines are fine', () => {
  const { formats } = parseConfig(NEEDED + (blocks[0] ?? ''), 'page', edgeConfigSchema);
  expect(new Set(formats.map(({ format }) => format))).toEqual(
    new Set([...FORMAT_NAMES, 'mapping']),
  );
});

test('the rules for a Sparkplug node are fine', () => {
  const { mqtt } = parseConfig(NEEDED + (blocks[1] ?? ''), 'page', edgeConfigSchema);
  expect(mqtt.access).toHaveLength(1);
});

test('the read points are fine', () => {
  const { readPoints } = parseConfig(NEEDED + (blocks[2] ?? ''), 'page', edgeConfigSchema);
  expect(readPoints).toHaveLength(3);
});
