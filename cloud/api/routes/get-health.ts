import { z } from 'zod';

import { nothing, route } from '../route.ts';

export const getHealth = route({
  path: '/healthz',
  summary: 'Whether the process is alive',
  params: nothing,
  query: nothing,
  answer: z.strictObject({ status: z.literal('ok') }),
  problems: {},
  handle: () => Promise.resolve({ status: 'ok' as const }),
});
