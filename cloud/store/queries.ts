import type { Queries } from '../api/api.ts';
import { readCompleteness } from './completeness.ts';
import { readGateway, readGateways } from './gateways.ts';
import { readParcel, readParcelEvents } from './parcels.ts';
import type { Queryable } from './store.ts';
import { readLastPosition, readPositions } from './vehicles.ts';

/** The read model as the API asks it. */
export function queriesOf(db: Queryable): Queries {
  return {
    async ping() {
      await db.query('SELECT 1');
    },
    completeness: () => readCompleteness(db),
    parcel: (parcelId) => readParcel(db, parcelId),
    parcelEvents: (parcelId, stretch) => readParcelEvents(db, parcelId, stretch),
    lastPosition: (vehicleId) => readLastPosition(db, vehicleId),
    positions: (vehicleId, stretch) => readPositions(db, vehicleId, stretch),
    gateway: (gateway) => readGateway(db, gateway),
    gateways: (page) => readGateways(db, page),
  };
}
