/** A users file with passwords that are checked at once, so that no test waits for scrypt. */
import { setUser } from '../access/password-file.ts';
import { hashPassword } from '../access/password-hash.ts';

const COST_NONE = 2;

/** Each of them has its password in it from now on. */
export async function writeUsers(path: string, passwords: Record<string, string>): Promise<void> {
  for (const [user, password] of Object.entries(passwords)) {
    await setUser(path, user, await hashPassword(password, COST_NONE));
  }
}
