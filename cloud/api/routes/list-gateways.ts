import { z } from 'zod';

import { encodeName } from '../cursor.ts';
import { gatewayAnswer, gatewaySchema } from '../gateway-answer.ts';
import { pageOf, pageShape } from '../page.ts';
import { gatewaysQuery } from '../parameters.ts';
import { nothing, route } from '../route.ts';

/** All gateways, each with its accounts over all epochs (G4). */
export const listGateways = route({
  path: '/v1/gateways',
  summary: 'Gateways, with their accounts, by id',
  params: nothing,
  query: gatewaysQuery,
  answer: z.strictObject(pageShape(gatewaySchema)),
  problems: {},
  handle: async ({ query: { limit, cursor } }, { queries }) => {
    const gateways = await queries.gateways({ after: cursor, limit: limit + 1 });
    const { items, next } = pageOf(gateways, limit, ({ gateway }) => encodeName(gateway));
    return { items: items.map(gatewayAnswer), next };
  },
});
