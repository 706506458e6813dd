/** Problem Details for HTTP APIs, RFC 9457. */
import { STATUS_CODES } from 'node:http';

import { z } from 'zod';

import { TallyError } from '#shared/errors.ts';

import { LIMITS } from './api.ts';

export const PROBLEM_TYPE = 'application/problem+json';

export const problemSchema = z
  .looseObject({
    type: z.string().meta({
      description:
        'Which kind: `urn:tallyport:problem:…`, or `about:blank` where the status says it all.',
    }),
    title: z.string(),
    status: z.int(),
    detail: z
      .string()
      .meta({ description: 'What was wrong with this request, for a person to read.' }),
    instance: z.string().meta({ description: 'The path that was asked for.' }),
  })
  .meta({ description: 'Problem Details, RFC 9457.' });

export type ProblemOptions = {
  readonly status: number;
  readonly detail: string;
  /** The last part of the type; without it the type is `about:blank`. */
  readonly kind?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of its own. */
  readonly extension?: Readonly<Record<string, unknown>>;
};

/** Thrown by whoever answers a request, to answer with a problem. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #options: ProblemOptions;

  constructor(options: ProblemOptions) {
    super(options.detail);
    this.status = options.status;
    this.headers = options.headers ?? {};
    this.#options = options;
  }

  /** The answer's body for a request of `instance`. */
  body(instance: string): z.infer<typeof problemSchema> {
    const { status, detail, kind, extension } = this.#options;
    return {
      ...extension,
      type: kind === undefined ? 'about:blank' : `urn:tallyport:problem:${kind}`,
      title: STATUS_CODES[status] ?? 'Unknown',
      status,
      detail,
      instance,
    };
  }
}

/** The request is at fault: `field` should have been `expected`. */
export function badRequest(field: string, expected: string): Problem {
  return new Problem({
    status: 400,
    kind: 'bad-request',
    detail: `${field}: expected ${expected}`,
    extension: { field, expected },
  });
}

export function unknownParameter(field: string): Problem {
  return new Problem({
    status: 400,
    kind: 'bad-request',
    detail: `${field}: there is no such parameter`,
    extension: { field },
  });
}

export function notFound(kind: string, detail: string, extension = {}): Problem {
  return new Problem({ status: 404, kind, detail, extension });
}

/** Where the message would repeat the request at length. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'expected a well-formed URL: percent-encoded UTF-8',
  414: `expected a URL of at most ${LIMITS.urlLengthMax} characters`,
};

/** The problem that anything thrown makes; undefined where it is a fault of ours, which the log has to hear of. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof TallyError) return problemOfTallyError(error);
  // What Fastify and Node find wrong with a request before anybody looks at it.
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    if (error.statusCode === 503) return unavailable('the answer took too long; try again', 1000);
    if (error.statusCode >= 400 && error.statusCode < 500) {
      return new Problem({
        status: error.statusCode,
        detail: REFUSALS[error.statusCode] ?? error.message,
      });
    }
  }
  return undefined;
}

function problemOfTallyError(error: TallyError): Problem | undefined {
  switch (error.kind) {
    case 'input':
      return new Problem({ status: 400, kind: 'bad-request', detail: error.message });
    case 'retry':
      return unavailable('the read model cannot be reached now; try again', error.retryAfterMs);
    case 'stop':
      return undefined;
  }
}

export function unavailable(detail: string, retryAfterMs = 1000, extension = {}): Problem {
  return new Problem({
    status: 503,
    kind: 'unavailable',
    detail,
    headers: { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
    extension,
  });
}
