import { z } from 'zod';

import { completenessOf, completenessShape, eventOf, positionSchema } from '../answers.ts';
import { encodePlace } from '../cursor.ts';
import { pageOf, pageShape } from '../page.ts';
import { eventsQuery, namedParams } from '../parameters.ts';
import { route } from '../route.ts';

/** A vehicle's track (G12). */
export const listVehiclePositions = route({
  path: '/v1/vehicles/{id}/positions',
  summary: "A vehicle's track, oldest first",
  params: namedParams,
  query: eventsQuery,
  answer: z.strictObject({ ...pageShape(positionSchema), ...completenessShape }),
  problems: {},
  handle: async ({ params: { id }, query: { limit, cursor, from, to } }, { queries }) => {
    const completeness = completenessOf(await queries.completeness());
    const events = await queries.positions(id, {
      fromMs: from,
      toMs: to,
      after: cursor,
      limit: limit + 1,
    });
    const { items, next } = pageOf(events, limit, encodePlace);
    return { items: items.map(eventOf), next, ...completeness };
  },
});
