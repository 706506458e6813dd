/**
 * The users file: one line a user, `name:scrypt$N$r$p$salt$hash`; empty lines and those that begin with `#` are
 * the reader's own. Only its owner may read it. It is rewritten whole, beside itself, and then renamed: a power
 * cut leaves the old one or the new one.
 */
import { open, readFile, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import { describe, TallyError } from '#shared/errors.ts';

import { formatHash, parseHash, type PasswordHash } from './password-hash.ts';
import { isUserName, USER_NAME_EXPECTED } from './user-name.ts';

/** A user's line, and what it says. */
export type User = { readonly line: string; readonly kept: PasswordHash };

export type Users = ReadonlyMap<string, User>;

const FILE_BYTES_MAX = 16 * 1024 * 1024;
const OWNER_ONLY = 0o600;
const ANYBODY_ELSE = 0o077;

/** Rejects with `users-unusable`. */
export async function readUsers(path: string): Promise<Users> {
  return parseUsers(await readText(path), path);
}

/** Throws `users-unusable`. */
export function parseUsers(text: string, path: string): Users {
  const users = new Map<string, User>();
  for (const [index, line] of text.split(/\r?\n/u).entries()) {
    if (isRemark(line)) continue;
    const name = nameIn(line);
    const kept = parseHash(line.slice(name.length + 1));
    // Never the line itself: it may be a password that somebody has written down in plain.
    const where = `line ${index + 1}`;
    if (kept === undefined) throw unusable(path, `${where} is not user:scrypt$N$r$p$salt$hash`);
    if (!isUserName(name)) throw unusable(path, `${where}: ${USER_NAME_EXPECTED}`);
    if (users.has(name)) throw unusable(path, `${where}: user ${name} is there twice`);
    users.set(name, { line, kept });
  }
  return users;
}

/** Gives the user that password, in place or at the end; makes the file where there is none. */
export async function setUser(path: string, name: string, kept: PasswordHash): Promise<void> {
  const line = `${name}:${formatHash(kept)}`;
  await rewrite(path, (lines) => {
    const at = lines.findIndex((each) => !isRemark(each) && nameIn(each) === name);
    return at < 0 ? [...lines, line] : lines.with(at, line);
  });
}

/** Whether there was one. */
export async function deleteUser(path: string, name: string): Promise<boolean> {
  const users = await readUsers(path);
  if (!users.has(name)) return false;
  await rewrite(path, (lines) => lines.filter((each) => isRemark(each) || nameIn(each) !== name));
  return true;
}

function isRemark(line: string): boolean {
  return line.trim() === '' || line.startsWith('#');
}

function nameIn(line: string): string {
  const end = line.indexOf(':');
  return end < 0 ? '' : line.slice(0, end);
}

async function readText(path: string): Promise<string> {
  try {
    const { mode, size } = await stat(path);
    if ((mode & ANYBODY_ELSE) !== 0)
      throw unusable(path, `others than its owner may read or write it: chmod 600 ${path}`);
    if (size > FILE_BYTES_MAX) throw unusable(path, `more than ${FILE_BYTES_MAX} bytes`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw error instanceof TallyError ? error : unusable(path, describe(error), error);
  }
}

async function rewrite(
  path: string,
  change: (lines: readonly string[]) => readonly string[],
): Promise<void> {
  // What a link leads to is replaced, not the link.
  const target = await realpath(path).catch(() => path);
  const old = await stat(target).catch(() => undefined);
  const text = old === undefined ? '' : await readText(target);
  parseUsers(text, path);
  const lines = text.split(/\r?\n/u);
  if (lines.at(-1) === '') lines.pop();
  const beside = `${target}.new`;
  const file = await openBeside(beside, path);
  try {
    try {
      await file.writeFile([...change(lines), ''].join('\n'));
      // The gateway's user reads it, whoever has run the command.
      if (old !== undefined) await file.chown(old.uid, old.gid);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw unusable(path, describe(error), error);
  }
  await syncDirectory(dirname(target));
}

/** It is there while it is being written: whoever comes second does not undo what the first one did. */
async function openBeside(beside: string, path: string): Promise<FileHandle> {
  try {
    return await open(beside, 'wx', OWNER_ONLY);
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = isTaken
      ? `${beside} is there: it is being changed; if a power cut left it, remove it`
      : describe(error);
    throw unusable(path, why, error);
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function unusable(path: string, why: string, cause?: unknown): TallyError {
  const message = `the users file ${path} cannot be used: ${why}`;
  return new TallyError('stop', 'users-unusable', message, { cause });
}
