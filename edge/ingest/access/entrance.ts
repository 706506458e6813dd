/** What stands before a connection that may publish: certificates, passwords, the doorkeeper, and their files. */
import type { Clock } from '#shared/clock.ts';

import { Doorkeeper, type Admission, type Attempt, type Verdict } from './doorkeeper.ts';
import type { AccessRule } from './access-rules.ts';
import type { AccessOptions } from '../ingest.ts';
import { openPasswords, type Passwords } from './passwords.ts';
import { openTls, type Tls } from '../tls-listener.ts';
import { WatchedFiles } from './watched-files.ts';

/** Rejects with `users-unusable` or `certificate-unusable`. */
export async function openEntrance(options: AccessOptions, clock: Clock): Promise<Entrance> {
  const { usersFile, tls } = options;
  const paths = [usersFile, tls?.certFile, tls?.keyFile, tls?.caFile, tls?.crlFile];
  const files = new WatchedFiles(paths.filter((path) => path !== undefined));
  // Before they are read: what changes in between is read once more.
  await files.haveChanged();
  const passwords = usersFile === undefined ? undefined : await openPasswords(usersFile);
  return new Entrance({
    files,
    passwords,
    tls: tls === undefined ? undefined : await openTls(tls),
    doorkeeper: new Doorkeeper(options, passwords, clock),
  });
}

type EntranceParts = {
  readonly files: WatchedFiles;
  readonly passwords: Passwords | undefined;
  readonly tls: Tls | undefined;
  readonly doorkeeper: Doorkeeper;
};

export class Entrance {
  readonly #parts: EntranceParts;

  constructor(parts: EntranceParts) {
    this.#parts = parts;
  }

  get tls(): Tls | undefined {
    return this.#parts.tls;
  }

  login(attempt: Attempt): Verdict | Promise<Verdict> {
    return this.#parts.doorkeeper.login(attempt);
  }

  /** Whether who was let in would be so again. */
  isStillLetIn(admission: Admission): boolean {
    const { doorkeeper, tls } = this.#parts;
    const { certified } = admission;
    return certified === undefined
      ? doorkeeper.isStillLetIn(admission)
      : tls?.isRevoked(certified) !== true;
  }

  setRules(access: readonly AccessRule[] | undefined): void {
    this.#parts.doorkeeper.setRules(access);
  }

  hasSameRights(admission: Admission): boolean {
    return this.#parts.doorkeeper.hasSameRights(admission);
  }

  /** Nothing keeps the process from ending afterwards: no login that waits, no handshake, no connection by TLS. */
  close(): void {
    const { doorkeeper, passwords, tls } = this.#parts;
    doorkeeper.close();
    passwords?.close();
    tls?.closeConnections();
  }

  /** Since it was asked last. */
  haveFilesChanged(): Promise<boolean> {
    return this.#parts.files.haveChanged();
  }

  /** Reads what can be read, then rejects with the first that cannot; what was read before stands for it. */
  async reload(): Promise<void> {
    const { passwords, tls } = this.#parts;
    const results = await Promise.allSettled([passwords?.reload(), tls?.reload()]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}
