/** What the events of a Traccar server say: `org.traccar.model.Event` names their types. */
import type { Reading } from '#shared/event.ts';

import type { Observation } from './observation.ts';
import type { TakenFields } from './taken-fields.ts';

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

/** The event as a reading, where it is one; `event` still has its type. */
export function eventReadings(event: TakenFields): Reading[] {
  const type = event.peek('type');
  const known = SWITCHES.get(type);
  if (known !== undefined) return [known];
  const transition = TRANSITIONS.get(type);
  if (transition !== undefined) {
    const region = event.text('geofenceId') ?? 'unnamed';
    return [{ name: `geofence.${region}`, value: transition }];
  }
  const attributes = event.peek('attributes');
  if (type !== 'alarm' || typeof attributes !== 'object' || attributes === null) return [];
  const alarm: unknown = Reflect.get(attributes, 'alarm');
  return typeof alarm === 'string' ? [{ name: 'alarm', value: alarm }] : [];
}

/** `CIRCLE (lat lon, radius)`: latitude first, unlike WKT. */
const CIRCLE = /^CIRCLE\s*\(\s*(-?\d[\d.]*)\s+(-?\d[\d.]*)\s*,\s*(\d[\d.]*)\s*\)$/u;

/** What is told of the geofence that was entered or left. */
export function keepGeofence(
  observation: Observation,
  event: TakenFields,
  geofence: TakenFields,
): void {
  const transition = TRANSITIONS.get(event.peek('type'));
  if (transition === undefined) event.drop(['geofenceId'], [0]);
  else {
    observation
      .keep('type', 'geofence')
      .keep('transition', transition)
      .keep('regionId', event.peek('geofenceId'))
      .keep('regionName', geofence.text('name'));
  }
  const [, lat, lon, radius] = CIRCLE.exec(geofence.text('area') ?? '') ?? [];
  if (radius === undefined) observation.keep('area', geofence.peek('area'));
  observation.keep('center.lat', lat).keep('center.lon', lon).keep('radiusM', radius);
  geofence.dropAll(['id', 'calendarId']).keepLeft(observation, 'geofence.');
}
