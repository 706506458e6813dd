import { z } from 'zod';

import { systemClock } from '#shared/clock.ts';
import { describe, TallyError } from '#shared/errors.ts';

import type { Queries } from '../api.ts';
import { unavailable } from '../problem.ts';
import { nothing, route } from '../route.ts';

const DATABASE_TIMEOUT_MS = 2000;
const RETRY_AFTER_MS = 1000;

export const getReadiness = route({
  path: '/readyz',
  summary: 'Whether the process does its work',
  params: nothing,
  query: nothing,
  answer: z.strictObject({ status: z.literal('ready'), checks: z.record(z.string(), z.string()) }),
  problems: { 503: 'It does not; checks says which part.' },
  handle: async (_, { queries, probes }) => {
    const found = [
      ['database', await checkDatabase(queries)] as const,
      ...Object.entries(probes).map(
        ([name, works]) => [name, works() ? undefined : 'not working'] as const,
      ),
    ];
    const checks = Object.fromEntries(found.map(([name, wrong]) => [name, wrong ?? 'ok']));
    const failed = found.filter(([, wrong]) => wrong !== undefined).map(([name]) => name);
    if (failed.length === 0) return { status: 'ready' as const, checks };
    throw unavailable(`not ready: ${failed.join(', ')}`, RETRY_AFTER_MS, { checks });
  },
});

/** What is wrong with it; undefined when it answers in time. */
async function checkDatabase(queries: Queries): Promise<string | undefined> {
  const done = new AbortController();
  const late = systemClock.sleep(DATABASE_TIMEOUT_MS, done.signal).then(() => 'does not answer');
  const answer = queries.ping().then(
    () => undefined,
    (error: unknown) => (error instanceof TallyError ? error.message : describe(error)),
  );
  const wrong = await Promise.race([answer, late]);
  done.abort();
  return wrong;
}
