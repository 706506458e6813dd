import { z } from 'zod';

import { epochAnswer, epochSchema, gatewayAnswer, gatewaySchema } from '../gateway-answer.ts';
import { namedParams } from '../parameters.ts';
import { notFound } from '../problem.ts';
import { nothing, route } from '../route.ts';

const ofCurrent = {
  headSeq: true,
  stored: true,
  applied: true,
  missing: true,
  shedRanges: true,
  lost: true,
} as const;

/** Where each event of a gateway is, and which are missing, given up or lost (G4). */
export const getGateway = route({
  path: '/v1/gateways/{id}',
  summary: "A gateway's accounts, and what of it is missing, given up or lost",
  params: namedParams,
  query: nothing,
  answer: z.strictObject({
    ...gatewaySchema.shape,
    ...epochSchema.pick(ofCurrent).shape,
    epochs: z.array(epochSchema).meta({ description: 'The current one first.' }),
  }),
  problems: { 404: 'Nothing was ever heard of this gateway.' },
  handle: async ({ params: { id } }, { queries }) => {
    const gateway = await queries.gateway(id);
    const epochs = gateway?.epochs.map(epochAnswer) ?? [];
    const [current] = epochs;
    if (gateway === undefined || current === undefined) {
      throw notFound('unknown-gateway', `nothing was ever heard of gateway ${id}`, { gateway: id });
    }
    const { headSeq, stored, applied, missing, shedRanges, lost } = current;
    return {
      ...gatewayAnswer(gateway),
      headSeq,
      stored,
      applied,
      missing,
      shedRanges,
      lost,
      epochs,
    };
  },
});
