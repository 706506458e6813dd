/** The page of settings shows the defaults, all of them, and nothing that is none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { parseConfig } from '#shared/config.ts';

import { cloudConfigSchema } from '../cloud/config.ts';
import { edgeConfigSchema } from '../edge/config.ts';

const page = readFileSync(join(import.meta.dirname, 'CONFIGURATION.md'), 'utf8');
const [edge = '', cloud = ''] = page.matchAll(/```yaml\n(.*?)```/gsu).map(([, yaml = '']) => yaml);

test('the page shows the defaults of the edge config', () => {
  const needed = 'site: berlin-01\ngateway: gw-berlin-01\ndataDir: /var/lib/tally-edge\n';
  expect(parseConfig(edge, 'page', edgeConfigSchema)).toStrictEqual(
    parseConfig(needed, 'needed', edgeConfigSchema),
  );
});

test('the page shows the defaults of the cloud config', () => {
  const needed = 'dataDir: /var/lib/tally-cloud\n';
  expect(parseConfig(cloud, 'page', cloudConfigSchema)).toStrictEqual(
    parseConfig(needed, 'needed', cloudConfigSchema),
  );
});
