/**
 * Decides who is let in under which client id, and hands out what it may do (G11).
 *
 * ```
 *   certificate ──────────────► user ─┐
 *   user, password ─► passwords ─► user ─┼─► client id ─► rules ─► will ─► let in
 *   neither ─► anonymous? ──────────────┘
 * ```
 *
 * Whatever is wrong about a login has the same answer: return code 5, not authorized (MQTT 3.1.1, table 3.1; 4 is
 * for malformed data). It is given at once only to who may not log in at all.
 */
import type { Clock } from '#shared/clock.ts';

import {
  ANYWHERE,
  OWN_CLIENT_ID,
  OWN_USER,
  AccessRules,
  type AccessRule,
  type Grant,
} from './access-rules.ts';
import type { ConnectRefusal } from '../connect-rules.ts';
import type { AccessOptions, ClientIdIs } from '../ingest.ts';
import { LoginThrottle } from './login-throttle.ts';
import type { Passwords } from './passwords.ts';
import type { Certified } from '../tls-listener.ts';
import { isUserName } from './user-name.ts';

/** A CONNECT that `connectRefusal` has nothing against. */
export type Attempt = {
  readonly address: string | undefined;
  readonly certified: Certified | undefined;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Buffer | string | undefined;
  readonly willTopic: string | undefined;
};

export type Admission = {
  readonly user: string | undefined;
  /** The line of the users file by which it is let in; absent: not by a password. */
  readonly line: string | undefined;
  /** The certificate by which it is let in. */
  readonly certified: Certified | undefined;
  readonly grant: Grant;
};

export type Verdict = Admission | ConnectRefusal;

export const isRefusal = (verdict: Verdict): verdict is ConnectRefusal => 'refusal' in verdict;

const NOT_AUTHORIZED = 5;
const BAD_LOGIN = { refusal: 'login', returnCode: NOT_AUTHORIZED } as const;
const NO_ACCESS = { refusal: 'access', returnCode: NOT_AUTHORIZED } as const;
/** Server unavailable: the device comes again. */
const BUSY = { refusal: 'login-busy', returnCode: 3 } as const;
const FOREIGN_CLIENT_ID = { refusal: 'client-id-user', returnCode: 2 } as const;

type Name = Omit<Admission, 'grant'>;

const NAMELESS: Name = { user: undefined, line: undefined, certified: undefined };

export class Doorkeeper {
  readonly #passwords: Passwords | undefined;
  readonly #clock: Clock;
  readonly #throttle: LoginThrottle;
  readonly #mayBeNameless: boolean;
  readonly #clientIdIs: ClientIdIs;
  readonly #options: AccessOptions;
  #rules: AccessRules;
  readonly #closing = new AbortController();

  constructor(options: AccessOptions, passwords: Passwords | undefined, clock: Clock) {
    this.#passwords = passwords;
    this.#clock = clock;
    this.#throttle = new LoginThrottle(() => clock.monotonic());
    this.#mayBeNameless = options.anonymous ?? !canProve(options);
    this.#clientIdIs = options.clientIdIs ?? 'user';
    this.#options = options;
    this.#rules = new AccessRules(options.access ?? defaultRules(options));
  }

  /** For who connects from now on; absent: the default. */
  setRules(access: readonly AccessRule[] | undefined): void {
    this.#rules = new AccessRules(access ?? defaultRules(this.#options));
  }

  /** Whether somebody who was let in would get the same rights again. */
  hasSameRights({ grant }: Pick<Admission, 'grant'>): boolean {
    return this.#rules.grantFor(grant.owner).isLike(grant);
  }

  /** At once where nothing has to be computed: a device that is remembered waits for nobody. */
  login(attempt: Attempt): Verdict | Promise<Verdict> {
    const { certified, username, password } = attempt;
    if (certified !== undefined)
      return this.#letIn(attempt, { ...NAMELESS, user: certified.user, certified });
    const passwords = this.#passwords;
    // Where nobody has a password, what a device says is as good as nothing.
    if (passwords === undefined || (username === undefined && this.#mayBeNameless)) {
      if (!this.#mayBeNameless) return BAD_LOGIN;
      return this.#letIn(attempt, NAMELESS);
    }
    if (username === undefined || password === undefined || !isUserName(username)) return BAD_LOGIN;
    const login = {
      address: attempt.address ?? '',
      user: username,
      password: Buffer.from(password),
    };
    if (passwords.remembers(login)) return this.#letIn(attempt, this.#nameOf(username));
    return this.#check(attempt, login, passwords);
  }

  /** Whether somebody who was let in would be so again. */
  isStillLetIn({ user, line }: Pick<Name, 'user' | 'line'>): boolean {
    return line === undefined || (user !== undefined && this.#passwords?.lineOf(user) === line);
  }

  /** Whose login waits is not let in any more. */
  close(): void {
    this.#closing.abort();
  }

  async #check(
    attempt: Attempt,
    login: Parameters<Passwords['remembers']>[0],
    passwords: Passwords,
  ): Promise<Verdict> {
    const { address, user } = login;
    const waitMs = this.#throttle.reserve(address, user);
    if (waitMs === undefined) return BUSY;
    if (waitMs > 0) await this.#clock.sleep(waitMs, this.#closing.signal);
    if (this.#closing.signal.aborted) return BUSY;
    const isRight = await passwords.verify(login);
    if (isRight === undefined) return BUSY;
    if (!isRight) {
      this.#throttle.failed(address, user);
      return BAD_LOGIN;
    }
    this.#throttle.passed(address, user);
    return this.#letIn(attempt, this.#nameOf(user));
  }

  #nameOf(user: string): Name {
    return { user, line: this.#passwords?.lineOf(user), certified: undefined };
  }

  #letIn({ clientId, willTopic }: Attempt, name: Name): Verdict {
    if (!this.#mayHave(clientId, name.user)) return FOREIGN_CLIENT_ID;
    const grant = this.#rules.grantFor({
      clientId: clientId === '' ? undefined : clientId,
      user: name.user,
    });
    if (willTopic !== undefined && !grant.mayPublish(willTopic)) return NO_ACCESS;
    return { ...name, grant };
  }

  /** A user's name has no colon, so that what stands before the first one is one user's and nobody else's. */
  #mayHave(clientId: string, user: string | undefined): boolean {
    if (this.#clientIdIs === 'any') return true;
    const owner = this.#clientIdIs === 'prefix' ? clientId.replace(/:.*$/su, '') : clientId;
    return user === undefined ? this.#passwords?.has(owner) !== true : owner === user;
  }
}

/** Whether there is a way to prove who one is. */
export function canProve({ usersFile, tls }: AccessOptions): boolean {
  return usersFile !== undefined || tls?.caFile !== undefined;
}

function defaultRules(options: AccessOptions): readonly AccessRule[] {
  // Then only this machine can connect, and an id that anybody may take protects nobody.
  if (!canProve(options) && options.anonymous === undefined) return ANYWHERE;
  return options.clientIdIs === 'any' ? OWN_USER : OWN_CLIENT_ID;
}
