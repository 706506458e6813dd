/**
 * Real payloads of devices with the facts they carry (`samples/README.md`), and canonical events told as such facts.
 *
 * A record of the facts is what one observation gave: its position, readings and status together. A fact that is not a
 * field of the event is an attribute of the fact's own name (`bestGateway.gatewayId` for one within another); `type` is the
 * attribute that says what it was where that is no kind of event (`join`, `gpio`, …).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

import type { Event } from '#shared/event.ts';

import type { Message } from '../../ingest/ingest.ts';

export type Facts = { readonly [name: string]: unknown };

export type Sample = {
  /** As `zebra/01.json`. */
  readonly name: string;
  readonly payload: Buffer;
  readonly input: Facts;
  readonly facts: Facts;
};

const SAMPLES = join(import.meta.dirname, 'samples');
/** Of all samples after the newest of them. */
export const RECEIVE_TIME_MS = Date.UTC(2026, 10, 1);

const expected = JSON.parse(readFileSync(join(SAMPLES, 'expected.json'), 'utf8')) as Record<
  string,
  { input: Facts; facts: Facts }
>;

/** The samples of a folder, in order. A `.hex` is read as the bytes that it writes out. */
export function samplesOf(folder: string): Sample[] {
  const files = readdirSync(join(SAMPLES, folder)).toSorted();
  return files.map((file) => {
    const name = `${folder}/${basename(file)}`;
    const content = readFileSync(join(SAMPLES, folder, file));
    const payload =
      extname(file) === '.hex' ? Buffer.from(content.toString('latin1').trim(), 'hex') : content;
    const { input, facts } = expected[name] ?? { input: {}, facts: {} };
    return { name, payload, input, facts };
  });
}

/** The message that a sample came as. */
export function messageOf(sample: Sample): Message {
  const { topic } = sample.input;
  return {
    topic: typeof topic === 'string' ? topic : 'teltonika/350000000000006',
    payload: sample.payload,
    clientId: 'bridge',
    receiveTimeMs: RECEIVE_TIME_MS,
  };
}

/** The levels of the sample's topic that its template names. */
export function namesOf({ input }: Sample): Record<string, string> {
  const levels = textOf(input['topic']).split('/');
  const entries = textOf(input['topicTemplate'])
    .replaceAll('[/suffix]', '')
    .split('/')
    .map((level, i): [string, string] => [/^\{(\w+)\}$/u.exec(level)?.[1] ?? '', levels[i] ?? '']);
  return Object.fromEntries(entries.filter(([name]) => name !== ''));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Events as records of facts. */
export function recordsOf(events: readonly Event[]): Facts[] {
  const groups: Event[][] = [];
  for (const event of events) {
    const group = groups.at(-1);
    const first = group?.[0];
    const isSame =
      first?.deviceId === event.deviceId &&
      first.eventTimeMs === event.eventTimeMs &&
      event.attributes === undefined &&
      group?.every(({ kind }) => kind !== event.kind) === true;
    if (isSame) group?.push(event);
    else groups.push([event]);
  }
  return groups.map(factsOf);
}

function factsOf(events: readonly Event[]): Facts {
  const [first] = events;
  if (first === undefined) return {};
  const facts: Record<string, unknown> = {
    kind: events.some(({ kind }) => kind === 'position') ? 'position' : first.kind,
    deviceId: first.deviceId,
    eventTime: first.timeQuality === 'receive' ? null : new Date(first.eventTimeMs).toISOString(),
    eventTimeZoneOffset: first.utcOffsetMin === undefined ? null : offsetText(first.utcOffsetMin),
    timeQuality: first.timeQuality,
    position: null,
    scans: events.filter(({ kind }) => kind === 'scan').length,
  };
  for (const event of events) Object.assign(facts, ownFacts(event));
  for (const [name, value] of Object.entries(first.attributes ?? {})) {
    if (name === 'device') facts['deviceId'] = value;
    else if (name === 'type') facts['kind'] = value;
    else facts[name] = value;
  }
  return { ...facts, position: placedFacts(facts) };
}

/** The position with what is told of it in attributes, as `position.pdop`. */
function placedFacts({ position, ...facts }: Facts): unknown {
  if (typeof position !== 'object' || position === null) return position;
  const told = Object.entries(facts).flatMap(([name, value]) =>
    name.startsWith('position.') ? [[name.slice('position.'.length), value]] : [],
  );
  return { ...position, ...Object.fromEntries(told) };
}

function ownFacts(event: Event): Facts {
  switch (event.kind) {
    case 'scan': {
      const { kind: _kind, deviceId: _deviceId, deviceSeq, data, ...rest } = event;
      return { ...rest, sequence: deviceSeq, rawScan: data };
    }
    case 'position': {
      const { lat, lon, altitudeM, speedKmh, headingDeg, accuracyM, satellites, hdop } = event;
      const position = { lat, lon, altitudeM, speedKmh, headingDeg, accuracyM, satellites, hdop };
      return { position, positionValid: event.valid };
    }
    case 'reading': {
      const named = new Map(event.readings.map(({ name, value }) => [name, value]));
      return {
        readings: event.readings,
        batteryPercent: named.get('battery'),
        ignition: named.get('ignition'),
        movement: named.get('movement'),
      };
    }
    case 'status':
      return { batteryPercent: event.batteryPct, online: event.online };
    default:
      return { reason: event.reason };
  }
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

const TOLERANCE = 1e-6;

/** What of the expected facts is not there, each as `path: expected …, found …`; `count` is how many were compared. */
export function compareFacts(
  expectedFacts: unknown,
  found: unknown,
  path = '',
): { readonly faults: readonly string[]; readonly count: number } {
  if (Array.isArray(expectedFacts)) return compareLists(expectedFacts, found, path);
  if (typeof expectedFacts === 'object' && expectedFacts !== null) {
    const results = Object.entries(expectedFacts)
      .filter(([name]) => name !== 'note')
      .map(([name, value]) =>
        compareFacts(value, fieldOf(found, name), path === '' ? name : `${path}.${name}`),
      );
    return merge(results);
  }
  const isThere = isSame(expectedFacts, found);
  const fault = `${path}: expected ${JSON.stringify(expectedFacts)}, found ${JSON.stringify(found)}`;
  return { faults: isThere ? [] : [fault], count: 1 };
}

/** Readings are found by their name: devices say more of them than the facts name. */
function compareLists(
  list: readonly unknown[],
  found: unknown,
  path: string,
): { faults: readonly string[]; count: number } {
  const items: readonly unknown[] = Array.isArray(found) ? found : parsedList(found);
  return merge(
    list.map((item, i) => {
      const name = fieldOf(item, 'name');
      const match =
        name === undefined ? items[i] : items.find((other) => fieldOf(other, 'name') === name);
      return compareFacts(item, match, `${path}[${i}]`);
    }),
  );
}

function parsedList(found: unknown): unknown[] {
  if (typeof found !== 'string') return [];
  const value: unknown = JSON.parse(found);
  return Array.isArray(value) ? value : [];
}

/** A field of an object; of a record also an attribute whose name has a point in it, or text that is JSON. */
function fieldOf(found: unknown, name: string): unknown {
  if (typeof found === 'string' && found.startsWith('{')) return fieldOf(JSON.parse(found), name);
  if (typeof found !== 'object' || found === null) return undefined;
  const facts = found as Facts;
  if (facts[name] !== undefined) return facts[name];
  const within = Object.entries(facts).filter(([key]) => key.startsWith(`${name}.`));
  if (within.length === 0) return undefined;
  return Object.fromEntries(within.map(([key, value]) => [key.slice(name.length + 1), value]));
}

function isSame(wanted: unknown, found: unknown): boolean {
  if (wanted === null) return found === null || found === undefined;
  if (typeof wanted === 'number') {
    const number = typeof found === 'string' ? Number(found) : found;
    return typeof number === 'number' && Math.abs(number - wanted) <= TOLERANCE;
  }
  return wanted === found || JSON.stringify(wanted) === found;
}

function merge(
  results: readonly { readonly faults: readonly string[]; readonly count: number }[],
): { faults: readonly string[]; count: number } {
  return {
    faults: results.flatMap(({ faults }) => faults),
    count: results.reduce((sum, { count }) => sum + count, 0),
  };
}
