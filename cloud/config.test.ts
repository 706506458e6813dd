import { expect, test } from 'vitest';

import { parseConfig } from '#shared/config.ts';

import { cloudConfigSchema, ingestAgeMaxMs } from './config.ts';

test('the cloud config needs a data directory and has defaults for the rest', () => {
  const config = parseConfig('dataDir: /d', 'cloud.yaml', cloudConfigSchema);
  expect(config).toMatchObject({
    http: { host: '127.0.0.1', port: 8080 },
    streams: { replicas: 1 },
  });
  expect(ingestAgeMaxMs(config)).toBe(14 * 86_400_000);
  expect(config.databaseUrl).toBeUndefined();
});

test('G11 isolation: the API listens on this machine only', () => {
  const text = 'dataDir: /d\nhttp: { host: 0.0.0.0 }\n';
  expect(() => parseConfig(text, 'cloud.yaml', cloudConfigSchema)).toThrow(
    'cloud.yaml:2: http.host: expected 127.0.0.1',
  );
});
