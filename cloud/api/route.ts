/** A route as data: what it takes, what it answers, and how; `fastify-api.ts` serves it. */
import { z } from 'zod';

import type { ApiOptions } from './api.ts';
import { badRequest, unknownParameter } from './problem.ts';

/** What a handler may use. */
export type Context = Pick<ApiOptions, 'queries' | 'probes'>;

export type Asked<Params, Query> = { readonly params: Params; readonly query: Query };

export type RouteOptions<Params, Query, Answer> = {
  /** `/v1/parcels/{id}` */
  readonly path: string;
  readonly summary: string;
  /** Objects of parameters; their messages say what was expected. */
  readonly params: z.ZodType<Params>;
  readonly query: z.ZodType<Query>;
  readonly answer: z.ZodType<Answer>;
  /** Status and meaning of the problems of its own. */
  readonly problems: Readonly<Record<number, string>>;
  readonly handle: (asked: Asked<Params, Query>, context: Context) => Promise<Answer>;
};

export type Route = Pick<
  RouteOptions<unknown, unknown, unknown>,
  'path' | 'summary' | 'problems'
> & {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly answer: z.ZodType;
  /** Throws a `Problem` for parameters that are not what they should be. */
  readonly handle: (asked: Asked<unknown, unknown>, context: Context) => Promise<unknown>;
};

/** For routes without parameters. */
export const nothing = z.strictObject({});

export function route<Params, Query, Answer>(options: RouteOptions<Params, Query, Answer>): Route {
  return {
    ...options,
    handle: (asked, context) =>
      options.handle(
        { params: parse(options.params, asked.params), query: parse(options.query, asked.query) },
        context,
      ),
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') throw unknownParameter(issue.keys[0] ?? '');
  throw badRequest(issue?.path.join('.') ?? '', issue?.message ?? 'something else');
}
