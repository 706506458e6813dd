/** An edge node at a Sparkplug format: what it publishes, what becomes of it, what it is asked for. */
import type { Event } from '#shared/event.ts';

import type { Decoded, Format } from '../decode.ts';
import type { NodesLimits } from '../sparkplug/nodes.ts';
import { createSparkplug } from '../sparkplug/sparkplug.ts';
import { RECEIVE_TIME_MS } from './sample-facts.ts';
import {
  writtenPayload,
  writtenProperties,
  type WrittenMetric,
  type WrittenPayload,
} from './sparkplug-payload.ts';
import { expectValidDecoded } from './valid-event.ts';

export const NOW_MS = RECEIVE_TIME_MS;

export type Asked = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly source: string | undefined;
};

export class Host {
  readonly asked: Asked[] = [];
  readonly format: Format;
  nowMs = NOW_MS;

  constructor(limits: Partial<NodesLimits> = {}) {
    this.format = createSparkplug({ send: (command) => this.asked.push(command), limits });
  }

  /** `path` is what follows the namespace. */
  hear(path: string, payload: WrittenPayload | Uint8Array, source?: string): Decoded {
    const bytes = payload instanceof Uint8Array ? payload : writtenPayload(payload);
    const message = {
      topic: `spBv1.0/${path}`,
      payload: bytes,
      clientId: 'client-1',
      receiveTimeMs: this.nowMs,
    };
    const decoded = this.format({
      message: source === undefined ? message : { ...message, source },
      names: {},
      timeZone: 'Europe/Berlin',
    });
    expectValidDecoded(decoded);
    return decoded;
  }

  /** The events; a reason is a failure. */
  events(path: string, payload: WrittenPayload): readonly Event[] {
    const decoded = this.hear(path, payload);
    if (typeof decoded === 'string') throw new Error(decoded);
    return decoded;
  }
}

/** What the readings of events say, by their names. */
export function valuesOf(events: readonly Event[]): Record<string, string | number | boolean> {
  return Object.fromEntries(
    events.flatMap((event) =>
      event.kind === 'reading' ? event.readings.map(({ name, value }) => [name, value]) : [],
    ),
  );
}

const DOUBLE = 10;
export const BORN: readonly WrittenMetric[] = [
  { name: 'bdSeq', datatype: 4, long: 7n },
  {
    name: 'temperature',
    alias: 0,
    datatype: DOUBLE,
    double: 4,
    properties: writtenProperties({ engUnit: '°C' }),
  },
  { name: 'count', alias: 1, datatype: 3, int: 1 },
];

/** A host that has heard the birth of a node, and of a device of it. */
export function bornHost(limits: Partial<NodesLimits> = {}): Host {
  const host = new Host(limits);
  host.events('g/NBIRTH/e', { timestamp: NOW_MS, seq: 0, metrics: BORN });
  const metrics = [{ name: 'door', alias: 2, datatype: 11, boolean: false }];
  host.events('g/DBIRTH/e/d', { timestamp: NOW_MS, seq: 1, metrics });
  return host;
}
