/**
 * The HTTP API: what the read model knows, for programs.
 *
 * Promises
 * - G12 complete-until: every answer about a parcel or a vehicle says until when it is complete and which
 *   gateways hold it back, also the answer that there is none. Completeness is read first and the events after
 *   it, so an answer never claims more than it has.
 * - Lists are `{"items": […], "next": cursor|null}`. A cursor names the last item, not a number: what is inserted
 *   meanwhile makes no item come twice or go missing.
 * - Every error is Problem Details (RFC 9457) and says what was expected; a fault of ours says nothing of how we
 *   are made.
 * - G7 bounded: size of the URL, the headers, the body and the answer, time for a request and for its answer,
 *   number of connections.
 * - `/openapi.json` is made of the same schemas that questions are checked against.
 */
import type { Logger } from 'pino';

import type { Database } from '../store/store.ts';

export type ApiOptions = {
  readonly db: Database;
  /** What `/readyz` asks besides the database. */
  readonly probes: readonly Probe[];
  readonly log: Logger;
};

/** Whether a part of this process is doing its work. */
export type Probe = {
  /** `consolidator` */
  readonly name: string;
  /** What is wrong, for an operator to read; undefined when nothing is. Neither throws nor waits. */
  readonly check: () => string | undefined;
};

export const LIMITS = {
  urlLengthMax: 4096,
  headerBytesMax: 16 * 1024,
  /** No request needs a body. */
  bodyBytesMax: 16 * 1024,
  connectionsMax: 1024,
  /** For the client to send its request. */
  requestTimeoutMs: 10_000,
  /** For us to answer it. */
  answerTimeoutMs: 30_000,
} as const;
