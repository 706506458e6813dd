import { z } from 'zod';

import { completenessOf, completenessShape, eventOf, positionSchema } from '../answers.ts';
import { namedParams } from '../parameters.ts';
import { notFound } from '../problem.ts';
import { nothing, route } from '../route.ts';

/** Where a vehicle is (G12). */
export const getVehicle = route({
  path: '/v1/vehicles/{id}',
  summary: 'Where a vehicle was last',
  params: namedParams,
  query: nothing,
  answer: z.strictObject({ vehicleId: z.string(), last: positionSchema, ...completenessShape }),
  problems: { 404: 'No position of this vehicle is known; with completeUntil and heldBackBy.' },
  handle: async ({ params: { id } }, { queries }) => {
    const completeness = completenessOf(await queries.completeness());
    const last = await queries.lastPosition(id);
    if (last === undefined) {
      throw notFound('unknown-vehicle', `no position of vehicle ${id} is known`, {
        vehicleId: id,
        ...completeness,
      });
    }
    return { vehicleId: id, last: eventOf(last), ...completeness };
  },
});
