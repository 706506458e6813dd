import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { formatViolation, tidy } from './tidy.ts';

test('the project keeps the rules of the house', async () => {
  const violations = await tidy(fileURLToPath(new URL('..', import.meta.url)));
  expect(violations.map(formatViolation)).toEqual([]);
});
