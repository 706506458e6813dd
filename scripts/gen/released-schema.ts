/**
 * The schemas that were released, one image of the compiler each: `proto/golden/schema/<n>.binpb`, 1 and up.
 * What reads today's batches must read theirs, so today's schema may not break the last of them.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const DIR = 'proto/golden/schema';

/** The path of the last one, relative to the project; undefined when none was released yet. */
export async function lastReleasedSchema(root: string): Promise<string | undefined> {
  const last = await lastNumber(root);
  return last === 0 ? undefined : imagePath(last);
}

/** Keeps today's schema as released, under the next number. Gives its path. */
export async function releaseSchema(root: string): Promise<string> {
  const path = imagePath((await lastNumber(root)) + 1);
  await mkdir(join(root, DIR), { recursive: true });
  await run('buf', ['build', '--output', path], { cwd: root });
  return path;
}

function imagePath(number: number): string {
  return `${DIR}/${number}.binpb`;
}

async function lastNumber(root: string): Promise<number> {
  const names = await readdir(join(root, DIR)).catch(() => []);
  const numbers = names.map((name) => Number(/^(\d+)\.binpb$/u.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}
