import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { readConfig } from './config.ts';
import { tempDir } from './testing/temp-dir.ts';

const schema = z.strictObject({
  name: z.string('expected a name'),
  include: z.array(z.string()).optional(),
  items: z.array(z.strictObject({ id: z.int('expected a number') })).default([]),
});

async function read(files: Record<string, string>): Promise<unknown> {
  await using dir = await tempDir('config');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(dir.path, name, '..'), { recursive: true });
    await writeFile(join(dir.path, name), text);
  }
  try {
    return await readConfig(join(dir.path, 'main.yaml'), schema);
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(`${dir.path}/`, '') : error;
  }
}

describe('a config that includes others', () => {
  test('has their lists after its own, file by file in the order of their names', async () => {
    const config = await read({
      'main.yaml': 'name: a\ninclude: [extra/*.yaml, last.yaml]\nitems:\n  - id: 1\n',
      'extra/b.yaml': 'items: [{ id: 3 }]\n',
      'extra/a.yaml': 'items:\n  - id: 2\n',
      'last.yaml': 'items: [{ id: 4 }]\n',
    });
    expect(config).toMatchObject({ items: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }] });
  });

  test('may name a pattern that no file fits, and files that are empty', async () => {
    expect(
      await read({ 'main.yaml': 'name: a\ninclude: [none/*.yaml, e.yaml]\n', 'e.yaml': '' }),
    ).toMatchObject({ items: [] });
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'a fault in an included file, in its own line',
      { 'x.yaml': '# devices\nitems:\n  - id: 1\n  - id: two\n' },
      'x.yaml:4: items.1.id: expected a number, found "two"',
    ],
    [
      'a setting that is no list',
      { 'x.yaml': 'name: b\n' },
      'x.yaml:1: name: expected a list: a file that is included adds to lists only',
    ],
    [
      'an include within',
      { 'x.yaml': 'include: [y.yaml]\n' },
      'x.yaml:1: include: expected a list: a file that is included adds to lists only',
    ],
    ['a list that is none', { 'x.yaml': 'things: [1]\n' }, 'x.yaml:1: things: no such setting'],
    ['YAML that is none', { 'x.yaml': 'items: [\n' }, 'x.yaml:2: '],
    ['text', { 'x.yaml': 'hello\n' }, 'x.yaml:1: expected settings'],
    ['a file that is not there', {}, 'main.yaml:2: include.0: there is no file '],
  ])('G9 safe-config: %s is refused with the file', async (_, files, fault) => {
    expect(await read({ 'main.yaml': 'name: a\ninclude: [x.yaml]\n', ...files })).toContain(fault);
  });
});
