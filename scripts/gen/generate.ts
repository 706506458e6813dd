import { execFile } from 'node:child_process';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PBJS = fileURLToPath(new URL('../../node_modules/.bin/pbjs', import.meta.url));

/** Only what encodes and decodes; the schema's comments go along into the types. */
const OPTIONS = [
  '--target=static-module',
  '--wrap=esm',
  '--dependency=protobufjs/minimal.js',
  '--dts',
  '--alt-comment',
  '--lint=',
  ...['create', 'verify', 'convert', 'delimited', 'typeurl', 'service'].map(
    (part) => `--no-${part}`,
  ),
];

/** The files that `generate` writes. */
export const GENERATED_FILES = ['tallyport.js', 'tallyport.d.ts'] as const;

/** Writes the code for all of `<protoDir>/tallyport/` to `outDir`. The same schema gives the same bytes. */
export async function generate(protoDir: string, outDir: string): Promise<void> {
  const schemas = (
    await Array.fromAsync(glob('tallyport/**/*.proto', { cwd: protoDir }))
  ).toSorted();
  if (schemas.length === 0) throw new Error(`there is no schema in ${protoDir}/tallyport`);
  await mkdir(outDir, { recursive: true });
  const js = join(outDir, GENERATED_FILES[0]);
  await run(process.execPath, [PBJS, ...OPTIONS, '--path', '.', '--out', js, ...schemas], {
    cwd: protoDir,
  });
  for (const name of GENERATED_FILES) {
    const file = join(outDir, name);
    const code = await readFile(file, 'utf8');
    await writeFile(file, header(schemas) + withoutLintComment(code));
  }
}

function header(schemas: readonly string[]): string {
  return `// Made by "npm run gen" from ${schemas.join(', ')}. Changes are made there.\n`;
}

function withoutLintComment(code: string): string {
  return code.replace(/^\/\*eslint-disable.*\*\/\n/u, '');
}
