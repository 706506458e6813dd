import { z } from 'zod';

import {
  completenessOf,
  completenessShape,
  eventOf,
  scanSchema,
  timeOf,
  timeSchema,
} from '../answers.ts';
import { parcelParams } from '../parameters.ts';
import { notFound } from '../problem.ts';
import { nothing, route } from '../route.ts';

/** What is known of a parcel (G12). */
export const getParcel = route({
  path: '/v1/parcels/{id}',
  summary: 'Where a parcel was last, and how much is known of it',
  params: parcelParams,
  query: nothing,
  answer: z.strictObject({
    parcelId: z.string(),
    firstEventTime: timeSchema,
    lastEventTime: timeSchema,
    eventCount: z.int().positive(),
    last: scanSchema,
    ...completenessShape,
  }),
  problems: { 404: 'No event of this parcel is known; with completeUntil and heldBackBy.' },
  handle: async ({ params: { id } }, { queries }) => {
    const completeness = completenessOf(await queries.completeness());
    const parcel = await queries.parcel(id);
    if (parcel === undefined) {
      throw notFound('unknown-parcel', `no event of parcel ${id} is known`, {
        parcelId: id,
        ...completeness,
      });
    }
    return {
      parcelId: id,
      firstEventTime: timeOf(parcel.firstTimeMs),
      lastEventTime: timeOf(parcel.lastTimeMs),
      eventCount: parcel.eventCount,
      last: eventOf(parcel.last),
      ...completeness,
    };
  },
});
