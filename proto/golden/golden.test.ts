/** Batches that were released: every version of Tallyport decodes them, to the same events. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { decodeBatch } from '../batch/decode.ts';
import { encodeBatch } from '../batch/encode.ts';
import { fromGolden } from './golden.fixture.ts';

const DIRECTORY = join(import.meta.dirname, 'batches');

const names = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith('.batch'))
  .map((name) => name.slice(0, -'.batch'.length));

describe('golden batches', () => {
  test('there are some', () => {
    expect(names.length).toBeGreaterThan(0);
  });

  test.each(names)('%s decodes to the events that it was made of', (name) => {
    const batch = decodeBatch(readFileSync(join(DIRECTORY, `${name}.batch`)));
    const golden = readFileSync(join(DIRECTORY, `${name}.json`), 'utf8');
    expect(fromGolden(golden)).toStrictEqual(batch);
    expect(decodeBatch(encodeBatch(fromGolden(golden)))).toStrictEqual(batch);
  });
});
