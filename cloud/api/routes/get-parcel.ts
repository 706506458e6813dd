import { z } from 'zod';

import { readCompleteness } from '../../store/completeness.ts';
import { readParcel } from '../../store/parcels.ts';
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
    eventCount: z.int(),
    last: scanSchema,
    ...completenessShape,
  }),
  problems: { 404: 'No event of this parcel is known; with completeUntil and heldBackBy.' },
  handle: async ({ params: { id } }, { db }) => {
    const completeness = completenessOf(await readCompleteness(db));
    const parcel = await readParcel(db, id);
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
