/**
 * Who has which password, from the users file.
 *
 * - A login costs what scrypt costs, for a user that there is none of too, so that nobody learns by the clock who
 *   is there (S2). A few are computed at a time, by turns of the addresses they come from, and only so many wait.
 * - A login that was right is remembered as an HMAC under a key of this process: when two thousand devices come
 *   back after a power cut of their access point, each costs microseconds.
 * - A file that cannot be used leaves the users as they are.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { FairQueue } from './fair-queue.ts';
import { readUsers, type Users } from './password-file.ts';
import { COST_CHOSEN, isPassword, nobodysHash, type PasswordHash } from './password-hash.ts';

/** Each takes a thread of libuv's pool, which has four, and 32 MiB. */
const AT_ONCE = 2;
/** More than there are connections, as they are usually configured. */
const WAITING_MAX = 10_000;

export type Login = {
  /** Where it comes from: whose turn it is. */
  readonly address: string;
  readonly user: string;
  readonly password: Buffer;
};

/** Rejects with `users-unusable`. */
export async function openPasswords(path: string): Promise<Passwords> {
  return new Passwords(path, await readUsers(path));
}

export class Passwords {
  readonly #path: string;
  readonly #queue = new FairQueue({ atOnce: AT_ONCE, waitingMax: WAITING_MAX });
  readonly #key = randomBytes(32);
  /** By user, and only of users that there are. */
  readonly #remembered = new Map<string, Buffer>();
  readonly #nobody = nobodysHash(COST_CHOSEN);
  #users: Users;
  #isClosed = false;

  constructor(path: string, users: Users) {
    this.#path = path;
    this.#users = users;
  }

  has(user: string): boolean {
    return this.#users.has(user);
  }

  /** The user's line: another one, or none, says that whoever has logged in by it has to do so again. */
  lineOf(user: string): string | undefined {
    return this.#users.get(user)?.line;
  }

  /** Whether the user has logged in with that password before. Quick. */
  remembers(login: Login): boolean {
    const known = this.#remembered.get(login.user);
    return known !== undefined && timingSafeEqual(known, this.#digest(login));
  }

  /** Whether it is the user's password; `undefined` at once, when too many wait. */
  verify(login: Login): Promise<boolean> | undefined {
    return this.#queue.run(login.address, async () => {
      // While it waited another try may have been right.
      if (this.remembers(login)) return true;
      if (this.#isClosed) return false;
      const user = this.#users.get(login.user);
      const isRight = await isPassword(login.password, user?.kept ?? this.#someone(login.user));
      if (user === undefined || !isRight) return false;
      const isStill = this.#users.get(login.user)?.line === user.line;
      if (isStill) this.#remembered.set(login.user, this.#digest(login));
      return isStill;
    });
  }

  /** Those that wait are not computed any more: nobody stays for them. */
  close(): void {
    this.#isClosed = true;
  }

  /** Reads the file again. Rejects with `users-unusable` and leaves everything as it was. */
  async reload(): Promise<void> {
    const users = await readUsers(this.#path);
    for (const name of this.#remembered.keys()) {
      if (users.get(name)?.line !== this.#users.get(name)?.line) this.#remembered.delete(name);
    }
    this.#users = users;
  }

  /**
   * What a user that there is none of is checked against: lines may differ in their cost, and so do the names that
   * are none, each always in the same way.
   */
  #someone(name: string): PasswordHash {
    const lines = [...this.#users.values()];
    const at =
      createHash('sha256').update(name).digest().readUInt32BE() % Math.max(1, lines.length);
    return lines[at]?.kept ?? this.#nobody;
  }

  #digest({ user, password }: Login): Buffer {
    return createHmac('sha256', this.#key).update(`${user}\0`).update(password).digest();
  }
}
