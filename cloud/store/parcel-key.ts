/**
 * A parcel's identifier as an index holds it. A label can say thousands of characters (a QR code), and
 * PostgreSQL refuses an index entry of more than a third of a page: long ones are found by their hash.
 */
import { hash } from 'node:crypto';

/** UTF-16 units; what is longer nobody types or asks the API for. */
const KEY_LENGTH_MAX = 128;

export function parcelKey(parcelId: string): string {
  return isLong(parcelId) ? `sha256:${hash('sha256', parcelId)}` : parcelId;
}

/** The identifier where `parcelKey` is not it. */
export function longParcelId(parcelId: string): string | undefined {
  return isLong(parcelId) ? parcelId : undefined;
}

function isLong(parcelId: string): boolean {
  return parcelId.length > KEY_LENGTH_MAX;
}
