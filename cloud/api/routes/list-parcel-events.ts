import { z } from 'zod';

import { readCompleteness } from '../../store/completeness.ts';
import { readParcelEvents } from '../../store/parcels.ts';
import { placeOf } from '../../store/timeline.ts';
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
  handle: async ({ params: { id }, query: { limit, cursor, from, to } }, { db }) => {
    const completeness = completenessOf(await readCompleteness(db));
    const events = await readParcelEvents(db, id, {
      fromMs: from,
      toMs: to,
      after: cursor,
      limit: limit + 1,
    });
    const { items, next } = pageOf(events, limit, (event) => encodePlace(placeOf(event)));
    return { items: items.map(eventOf), next, ...completeness };
  },
});
