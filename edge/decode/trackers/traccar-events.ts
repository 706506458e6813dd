/** What the events of a Traccar server say: `org.traccar.model.Event` names their types. */
import type { Reading } from '#shared/event.ts';

import type { Observation } from '../payload/observation.ts';
import type { TakenFields } from '../payload/taken-fields.ts';

const TRANSITIONS: ReadonlyMap<unknown, string> = new Map([
  ['geofenceEnter', 'enter'],
  ['geofenceExit', 'leave'],
]);

const SWITCHES: ReadonlyMap<unknown, Reading> = new Map<unknown, Reading>([
  ['ignitionOn', { name: 'ignition', value: true }],
  ['ignitionOff', { name: 'ignition', value: false }],
  ['deviceMoving', { name: 'movement', value: true }],
  ['deviceStopped', { name: 'movement', value: false }],
]);

/** The event as a reading, where it is one. `region` is the id of the geofence that it is about. */
export function eventReadings(event: TakenFields, region: string | undefined): Reading[] {
  const type = event.peek('type');
  const known = SWITCHES.get(type);
  if (known !== undefined) return [known];
  const transition = TRANSITIONS.get(type);
  if (transition !== undefined) {
    return [{ name: `geofence.${region ?? 'unnamed'}`, value: transition }];
  }
  const attributes = event.peek('attributes');
  if (type !== 'alarm' || typeof attributes !== 'object' || attributes === null) return [];
  const alarm: unknown = Reflect.get(attributes, 'alarm');
  return typeof alarm === 'string' ? [{ name: 'alarm', value: alarm }] : [];
}

/** `CIRCLE (lat lon, radius)`: latitude first, unlike WKT. */
const CIRCLE = /^CIRCLE\s*\(\s*(-?\d[\d.]*)\s+(-?\d[\d.]*)\s*,\s*(\d[\d.]*)\s*\)$/u;

/** Keeps what is told of the geofence that was entered or left, and gives its id. */
export function keepGeofence(
  observation: Observation,
  event: TakenFields,
  geofence: TakenFields,
): string | undefined {
  const transition = TRANSITIONS.get(event.peek('type'));
  const region = event.drop(['geofenceId'], [0]).text('geofenceId') ?? geofence.text('id');
  if (transition !== undefined) observation.keep('type', 'geofence').keep('transition', transition);
  observation.keep('regionId', region).keep('regionName', geofence.text('name'));
  const [, lat, lon, radius] = CIRCLE.exec(geofence.text('area') ?? '') ?? [];
  if (radius === undefined) observation.keep('area', geofence.peek('area'));
  observation.keep('center.lat', lat).keep('center.lon', lon).keep('radiusM', radius);
  geofence.dropAll(['id', 'calendarId']).keepLeft(observation, 'geofence.');
  return region;
}
