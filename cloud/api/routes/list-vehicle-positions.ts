import { z } from 'zod';

import { readCompleteness } from '../../store/completeness.ts';
import { placeOf } from '../../store/timeline.ts';
import { readPositions } from '../../store/vehicles.ts';
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
  handle: async ({ params: { id }, query: { limit, cursor, from, to } }, { db }) => {
    const completeness = completenessOf(await readCompleteness(db));
    const events = await readPositions(db, id, {
      fromMs: from,
      toMs: to,
      after: cursor,
      limit: limit + 1,
    });
    const { items, next } = pageOf(events, limit, (event) => encodePlace(placeOf(event)));
    return { items: items.map(eventOf), next, ...completeness };
  },
});
