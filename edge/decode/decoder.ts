/** Decode at work: the route of a message, its format, and what the site says of the place. */
import { describe } from '#shared/errors.ts';
import type { Event } from '#shared/event.ts';

import type { Message } from '../ingest/ingest.ts';
import type { Decode, Decoded, Format } from './decode.ts';
import { deviceIdOf } from './payload/device-id.ts';
import { rawEvent } from './raw.ts';
import { readPointsOf, type ReadPoint } from './read-points.ts';
import { Router, type Route } from './router.ts';

export type DecoderOptions = {
  readonly routes: readonly Route[];
  /** For the topics that no route fits. */
  readonly fallback: Format;
  readonly readPoints: readonly ReadPoint[];
  /** Of the depot. */
  readonly timeZone: string;
};

export function createDecode(options: DecoderOptions): Decode {
  const { timeZone } = options;
  const router = new Router(options.routes, options.fallback);
  const place = readPointsOf(options.readPoints);
  return (message) => {
    const { format, names, fnc1 } = router.find(message.topic, message.source);
    try {
      const decoded = format({ message, names, timeZone, fnc1 });
      if (!(decoded instanceof Promise)) return finish(decoded, message, names);
      // The payload is the receiver's until this returns.
      const kept = { ...message, payload: new Uint8Array(message.payload) };
      return decoded.then((later) => finish(later, kept, names));
    } catch (error) {
      return [raw(message, names, `format: expected no fault of ours: ${describe(error)}`)];
    }
  };

  function finish(
    decoded: Decoded,
    message: Message,
    names: Readonly<Record<string, string>>,
  ): readonly Event[] {
    if (typeof decoded === 'string') return [raw(message, names, decoded)];
    return options.readPoints.length === 0 ? decoded : decoded.map(place);
  }
}

function raw(message: Message, names: Readonly<Record<string, string>>, reason: string): Event {
  return rawEvent({ message, reason, deviceId: deviceIdOf(names['deviceId'] ?? '') });
}
