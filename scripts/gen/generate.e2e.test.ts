import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { tempDir } from '#shared/testing/temp-dir.ts';

import { breakingStep, generatedStep } from '../check/schema-steps.ts';
import { generate } from './generate.ts';
import { lastReleasedSchema, releaseSchema } from './released-schema.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

const SCHEMA = `syntax = "proto3";
package tallyport.v1;
// One observation.
message Event {
  // Counts from 1.
  uint64 seq = 1;
  bytes payload = 2;
}
`;

const ROUND_TRIP = `
import { tallyport } from './proto/gen/tallyport.js';
const { Event } = tallyport.v1;
const event = Event.decode(Event.encode({ seq: 2 ** 40, payload: Buffer.from('x') }).finish());
console.log(Number(event.seq), event.payload.toString());
`;

describe('generated code', () => {
  test('encodes and decodes, and explains what the schema explains', async () => {
    await using project = await projectWith(SCHEMA);
    await generate(join(project.path, 'proto'), join(project.path, 'proto/gen'));
    const types = await readFile(join(project.path, 'proto/gen/tallyport.d.ts'), 'utf8');
    expect(types).toMatch(/^\/\/ Made by "npm run gen" from tallyport\/v1\/event\.proto/u);
    expect(types).toContain('/** Counts from 1. */');
    await writeFile(join(project.path, 'main.js'), ROUND_TRIP);
    const { stdout } = await run(process.execPath, [join(project.path, 'main.js')]);
    expect(stdout).toBe('1099511627776 x\n');
  });

  test('is current or not, and the check says which file is not', async () => {
    await using project = await projectWith(SCHEMA);
    await generate(join(project.path, 'proto'), join(project.path, 'proto/gen'));
    expect(await generatedStep(project.path).run()).toMatchObject({ ok: true });
    await writeFile(project.schema, SCHEMA.replace('payload', 'body'));
    expect(await generatedStep(project.path).run()).toMatchObject({
      ok: false,
      note: 'proto/gen/tallyport.js, tallyport.d.ts: not current; run "npm run gen"',
    });
  });
});

describe('the released schema', () => {
  test('is none at first, and the check says so', async () => {
    await using project = await projectWith(SCHEMA);
    expect(await breakingStep(project.path).run()).toEqual({
      ok: true,
      output: '',
      note: 'no released schema yet',
    });
  });

  test('may be added to, but not broken', async () => {
    await using project = await projectWith(SCHEMA);
    expect(await releaseSchema(project.path)).toBe('proto/golden/schema/1.binpb');
    await writeFile(project.schema, SCHEMA.replace('}', '  string site = 3;\n}'));
    expect(await breakingStep(project.path).run()).toMatchObject({ ok: true });
    expect(await releaseSchema(project.path)).toBe('proto/golden/schema/2.binpb');
    expect(await lastReleasedSchema(project.path)).toBe('proto/golden/schema/2.binpb');
    await writeFile(project.schema, SCHEMA);
    const result = await breakingStep(project.path).run();
    expect(result.ok).toBe(false);
    expect(result.note).toContain('event.proto');
  });
});

/** A project of one schema, `proto/tallyport/v1/event.proto`, with our `buf.yaml` and packages. */
async function projectWith(schema: string) {
  const dir = await tempDir('proto');
  await mkdir(join(dir.path, 'proto/tallyport/v1'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(dir.path, 'node_modules'));
  await writeFile(join(dir.path, 'package.json'), '{"type": "module"}');
  await writeFile(join(dir.path, 'buf.yaml'), await readFile(join(root, 'buf.yaml')));
  const schemaFile = join(dir.path, 'proto/tallyport/v1/event.proto');
  await writeFile(schemaFile, schema);
  return { ...dir, schema: schemaFile };
}
