/**
 * One kind of the generic profile under a topic of the site's own: the device is what the template of the route names, or
 * else `deviceId` in the payload. For bridges that put all devices under one topic.
 */
import { must } from '#shared/assert.ts';
import type { Event, EventKind } from '#shared/event.ts';

import type { Format } from '../decode.ts';
import { deviceIdOf } from '../payload/device-id.ts';
import { elementsDecoded } from '../payload/elements-decoded.ts';
import { Fields } from '../payload/fields.ts';
import { PROFILES } from './generic-kinds.ts';
import { textOf } from '../payload/values.ts';

export function genericKind(kind: Exclude<EventKind, 'raw'>): Format {
  const profile = must(PROFILES.get(kind), kind);
  return (input) => {
    const { message, names, fnc1 } = input;
    return elementsDecoded(input, names['deviceId'] ?? '', (object) => {
      const name = names['deviceId'] ?? textOf(object['deviceId']) ?? '';
      const deviceId = deviceIdOf(name);
      if (deviceId === '') return 'deviceId: expected a name with a letter or a digit';
      const fields = new Fields(object, true);
      const event = profile(fields, { deviceId, receiveTimeMs: message.receiveTimeMs, fnc1 });
      if (event === undefined) return fields.fault ?? 'payload: expected an object';
      return [withName(event, name)];
    });
  };
}

/** Keeps what the device is called where its id is not that; `deviceId` in the payload is kept anyhow. */
function withName(event: Event, name: string): Event {
  if (event.deviceId === name || event.attributes?.['deviceId'] === name) return event;
  return { ...event, attributes: { ...event.attributes, device: name } };
}
