import { z } from 'zod';

import { completenessOf, completenessShape, eventOf, scanSchema } from '../answers.ts';
import { encodePlace } from '../cursor.ts';
import { pageOf, pageShape } from '../page.ts';
import { eventsQuery, parcelParams } from '../parameters.ts';
import { route } from '../route.ts';

/** A parcel's timeline (G12). */
export const listParcelEvents = route({
  path: '/v1/parcels/{id}/events',
  summary: "A parcel's timeline, oldest first",
  params: parcelParams,
  query: eventsQuery,
  answer: z.strictObject({ ...pageShape(scanSchema), ...completenessShape }),
  problems: {},
  handle: async ({ params: { id }, query: { limit, cursor, from, to } }, { queries }) => {
    const completeness = completenessOf(await queries.completeness());
    const events = await queries.parcelEvents(id, {
      fromMs: from,
      toMs: to,
      after: cursor,
      limit: limit + 1,
    });
    const { items, next } = pageOf(events, limit, encodePlace);
    return { items: items.map(eventOf), next, ...completeness };
  },
});
