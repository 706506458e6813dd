import type { Connection } from './connection.ts';

/** Who has which client id: the session under it is of one user at a time. */
export class SessionHolders {
  readonly #holders = new Map<string, Connection>();

  /** Whether it is another user's: nobody takes a session over from a user, whatever ids there may be. */
  isAnothers(clientId: string, user: string | undefined): boolean {
    const holder = this.#holders.get(clientId);
    return holder !== undefined && holder.admission?.user !== user;
  }

  /** From now on that connection has it, until it is closed. */
  hold(clientId: string, connection: Connection): void {
    this.#holders.set(clientId, connection);
    void connection.closed.then(() => {
      if (this.#holders.get(clientId) === connection) this.#holders.delete(clientId);
    });
  }
}
