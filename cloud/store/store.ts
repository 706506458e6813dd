/**
 * The read model's store: PostgreSQL in one dialect, embedded (PGlite) or a server.
 *
 * ```
 *   consolidate ──lockEpochs, insertEvents, saveEpochs, saveCursor──►  one transaction
 *                                                                          │ commit = on disk
 *   api ◄──parcel, vehicle, gateways, completeness────────────────  what was committed
 * ```
 *
 * Promises
 * - Atomic: what one `transaction` wrote is there as a whole or not at all, after any crash.
 * - Durable (G2): when `transaction` resolves, the commit is on disk: fsynced, so that neither kill -9 nor a
 *   power cut undoes it. An applied receipt may follow.
 * - Once (G3): the ledger of applied ranges is part of the same transaction as the events, and the primary keys
 *   refuse an event that is inserted a second time: then the transaction fails, nothing doubles.
 * - Any order (G5): rows are ordered by (order time, gateway, epoch, seq), which is total; nothing depends on
 *   the order in which they were inserted. `digest` proves it, across engines too.
 * - Clocked (G10): an event is stored with its boot, its monotonic time, the trust in its receive time and what that
 *   was corrected by, all null where the gateway did not tell; `digest` covers them.
 * - Safe to upgrade (G9): the schema is brought up to date at open, forward only, each step as a whole; a database
 *   that a newer version has been at, or whose past is another than this version's, is refused untouched.
 * - Bounded (G7): a fixed number of connections; an embedded database checkpoints itself, so that its log, and
 *   the time it takes to come back after a crash, stay bounded.
 *
 * The values of a row are what JavaScript holds them best as, the same from both engines:
 * int8 a number (a value beyond 2^53 throws), float8 a number, timestamptz a number of milliseconds since
 * 1970-01-01T00:00:00Z, json and jsonb what `JSON.parse` gives, bytea a `Uint8Array`, text
 * a string, int2 and int4 a number, bool a boolean. Other types are cast in SQL to one of these.
 */

/** A Uint8Array is bytea, or an array in PostgreSQL's binary format where the parameter is one (`array-param.ts`). */
export type SqlParam = string | number | boolean | null | Uint8Array;

/** Something that answers SQL: the database, or a transaction on it. */
export type Queryable = {
  /**
   * The rows of the statement, columns by name. Without `params`, `sql` may be several statements separated by
   * semicolons; the rows are those of the last.
   *
   * Rejects with a `TallyError` of code `database-unavailable` when the database cannot be reached or cannot
   * work now (out of connections, disk or memory, shutting down, deadlock), and with the driver's error, which
   * carries the SQLSTATE as `code`, for anything that is wrong with the statement or its values.
   */
  query<Row extends object>(sql: string, params?: readonly SqlParam[]): Promise<Row[]>;
};

/** The open database. Disposing waits for what runs, and closes. */
export type Database = Queryable &
  AsyncDisposable & {
    readonly engine: 'pglite' | 'postgres';
    /**
     * Runs `run` in a transaction (READ COMMITTED) and commits it; when `run` or the commit fails, rolls back
     * and rejects. When it rejects with `database-unavailable` the commit may still have happened: whoever tries
     * again looks at the ledger first.
     *
     * Embedded, there is one connection: `run` uses `tx` only, for a query on the database itself would wait for
     * its end.
     */
    transaction<T>(run: (tx: Queryable) => Promise<T>): Promise<T>;
  };
