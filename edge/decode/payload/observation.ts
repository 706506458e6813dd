/**
 * What a device observed at one time, made into events: the part that all formats share. A format says what it found;
 * this keeps what the canonical event promises (`event.ts`): ids, bounds, storable text, no place that was not measured.
 *
 * The first fault is remembered and the rest is still taken, so that a format reads like a list of what there is.
 */
import {
  deviceTimeQuality,
  type Event,
  type PositionEvent,
  type Reading,
  type ScanEvent,
  type StatusEvent,
} from '#shared/event.ts';

import type { Message } from '../../ingest/ingest.ts';
import type { Decoded } from '../decode.ts';
import { deviceIdOf } from './device-id.ts';
import {
  ATTRIBUTE_CHARACTERS_MAX,
  ATTRIBUTE_NAME_CHARACTERS_MAX,
  ATTRIBUTES_MAX,
  isObject,
  isStorable,
  setOwn,
  type JsonObject,
} from './fields.ts';
import { isLongNumber } from './json.ts';
import { parseTime } from './time.ts';

type Own = 'kind' | 'deviceId' | 'eventTimeMs' | 'timeQuality' | 'utcOffsetMin' | 'receiveTimeMs';
type Loose<T> = { [K in keyof T]?: T[K] | undefined };
type FieldsOf<E extends Event, Needed extends keyof E> = Pick<E, Needed> &
  Loose<Omit<E, Own | 'clock' | 'attributes' | Needed>>;

/** A moment that a device named. */
export type Moment = {
  readonly timeMs: number;
  readonly utcOffsetMin?: number | undefined;
};

const TEXT_CHARACTERS_MAX = 256;
const DATA_CHARACTERS_MAX = 4096;
const VALUE_CHARACTERS_MAX = 8192;
const READINGS_MAX = 1024;
/** ISO 8601 or seconds since 1970 with more than milliseconds: kept beside the time, which is cut to them. */
const FINER_THAN_MS = /\.\d{4,}/u;
/** Neither a control nor a format character nor any kind of space. */
const VISIBLE = /[^\p{Cc}\p{Cf}\p{Z}]/u;

export class Observation {
  readonly #message: Message;
  readonly #deviceId: string;
  readonly #events: Event[] = [];
  readonly #attributes: Record<string, string> = {};
  #attributeCount = 0;
  #moment: Moment | undefined;
  #fault: string | undefined;

  /** `device`: its name as the payload or the topic has it. Where the id is another, the name is kept as `device`. */
  constructor(message: Message, device: string) {
    this.#message = message;
    this.#deviceId = deviceIdOf(device);
    if (this.#deviceId === '') this.fail('device', 'a name with a letter or a digit');
    else if (this.#deviceId !== device) this.keep('device', device);
    // What a broker kept may be old: a payload without a time does not say how old.
    if (message.retained === true) this.keep('retained', true);
  }

  /** Whether a fault was found: what is still to come would only cost time. */
  get isFaulty(): boolean {
    return this.#fault !== undefined;
  }

  /** Remembers a fault; the first one stays. A field whose name nobody could read is the payload's. */
  fail(field: string, expected: string): this {
    const isName =
      field !== '' && field.length <= ATTRIBUTE_NAME_CHARACTERS_MAX && isStorable(field);
    this.#fault ??= `${isName ? field : 'payload'}: expected ${expected}`;
    return this;
  }

  /** When it was observed, as `time.ts` reads it; absent, it is the receive time. */
  at(said: unknown, field = 'time'): this {
    if (said === undefined || said === null) return this;
    const time = parseTime(said);
    if (time === undefined) return this.fail(field, 'a time');
    const text = typeof said === 'string' ? said : JSON.stringify(said);
    if (FINER_THAN_MS.test(text)) this.keep('eventTimeRaw', text);
    return this.atMoment(time);
  }

  atMoment(moment: Moment): this {
    if (!Number.isFinite(moment.timeMs)) return this.fail('time', 'a time');
    this.#moment = moment;
    return this;
  }

  /**
   * Keeps what the canonical event has no place for; absent values and `null` are not kept. Where two fields have one
   * name and say different things, the second is kept as `<name>.2`.
   */
  keep(name: string, value: unknown): this {
    if (value === undefined || value === null) return this;
    const isPlain =
      typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
    const text = isPlain ? String(value) : JSON.stringify(value);
    if (++this.#attributeCount > ATTRIBUTES_MAX) {
      return this.fail('payload', `at most ${ATTRIBUTES_MAX} further fields`);
    }
    if (name.length > ATTRIBUTE_NAME_CHARACTERS_MAX || !isStorable(name)) {
      return this.fail('payload', `names of at most ${ATTRIBUTE_NAME_CHARACTERS_MAX} characters`);
    }
    if (text.length > ATTRIBUTE_CHARACTERS_MAX || !isStorable(text)) {
      return this.fail(name, `storable text of at most ${ATTRIBUTE_CHARACTERS_MAX} characters`);
    }
    if (!Object.hasOwn(this.#attributes, name)) setOwn(this.#attributes, name, text);
    else if (this.#attributes[name] !== text) return this.keep(`${name}.2`, text);
    return this;
  }

  /** Keeps the fields of an object that are not in `known`; those of objects within as `<name>.<field>`. */
  keepOthers(object: JsonObject, known: ReadonlySet<string>, prefix = ''): this {
    for (const name in object) {
      if (this.#attributeCount > ATTRIBUTES_MAX) break;
      const path = `${prefix}${name}`;
      const value = object[name];
      if (known.has(path)) continue;
      if (isObject(value)) this.keepOthers(value, known, `${path}.`);
      else this.keep(path, value);
    }
    return this;
  }

  /** `parcelId` is what `data` identifies; see `shared/identifiers/`. */
  scan(fields: FieldsOf<ScanEvent, 'data' | 'parcelId'>): this {
    if (fields.data.length > DATA_CHARACTERS_MAX || !VISIBLE.test(fields.data)) {
      return this.fail('data', `1 to ${DATA_CHARACTERS_MAX} characters, a visible one among them`);
    }
    return this.#push('scan', fields);
  }

  /** Without a fix there is no position: nothing is made of 0/0 with no satellite, nor of what is out of bounds. */
  position(fields: FieldsOf<PositionEvent, 'lat' | 'lon'>): this {
    const { lat, lon, headingDeg } = fields;
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180) || (lat === 0 && lon === 0)) return this;
    // North has two names.
    return this.#push('position', { ...fields, headingDeg: headingDeg === 360 ? 0 : headingDeg });
  }

  /** Those that are there; no event when none is. A number that is not finite is not there. */
  readings(readings: readonly (Loose<Reading> | undefined)[]): this {
    const there = readings.flatMap((reading): Reading[] => {
      if (reading?.name === undefined || reading.value === undefined) return [];
      const { name, value, unit } = reading;
      if (typeof value === 'number' && !Number.isFinite(value)) return [];
      this.#check(name, name, TEXT_CHARACTERS_MAX);
      this.#check(name, value, VALUE_CHARACTERS_MAX);
      // Adding 0 turns -0 into 0.
      const kept = { name, value: typeof value === 'number' ? value + 0 : value };
      return [unit === undefined ? kept : { ...kept, unit }];
    });
    if (there.length === 0) return this;
    if (there.length > READINGS_MAX) return this.fail('readings', `at most ${READINGS_MAX}`);
    return this.#push('reading', { readings: there });
  }

  status(fields: FieldsOf<StatusEvent, never> = {}): this {
    return this.#push('status', fields);
  }

  /** What gave no event, and yet was heard, is a status: its attributes are not lost. */
  orStatus(): this {
    return this.#events.length === 0 ? this.status() : this;
  }

  /** The events, the attributes with the first of them; what is wrong, if anything was. */
  finish(): Decoded {
    if (this.#fault !== undefined) return this.#fault;
    const [first, ...others] = this.#events;
    if (first === undefined || this.#attributeCount === 0) return this.#events;
    return [{ ...first, attributes: this.#attributes }, ...others];
  }

  #push(
    kind: Event['kind'],
    fields: Loose<Omit<ScanEvent, 'kind'>> | Loose<Omit<PositionEvent, 'kind'>> | object,
  ): this {
    const { receiveTimeMs } = this.#message;
    const eventTimeMs = this.#moment?.timeMs ?? receiveTimeMs;
    const event: Record<string, unknown> = {
      kind,
      deviceId: this.#deviceId,
      eventTimeMs,
      timeQuality:
        this.#moment === undefined ? 'receive' : deviceTimeQuality(eventTimeMs, receiveTimeMs),
      receiveTimeMs,
    };
    if (this.#moment?.utcOffsetMin !== undefined) event['utcOffsetMin'] = this.#moment.utcOffsetMin;
    const given = fields as Readonly<Record<string, unknown>>;
    for (const name in given) {
      const value = given[name];
      if (value === undefined) continue;
      if (typeof value === 'number') {
        if (!Number.isFinite(value)) this.fail(name, 'a number');
        // Adding 0 turns -0 into 0.
        event[name] = value + 0;
      } else {
        const isLong = name === 'data' || name === 'parcelId';
        this.#check(name, value, isLong ? DATA_CHARACTERS_MAX : TEXT_CHARACTERS_MAX);
        event[name] = value;
      }
    }
    this.#events.push(event as unknown as Event);
    return this;
  }

  /** What no event may have is a fault. */
  #check(field: string, value: unknown, charactersMax: number): void {
    if (typeof value === 'string' && (value.length > charactersMax || !isStorable(value))) {
      this.fail(field, `storable text of at most ${charactersMax} characters`);
    } else if (typeof value === 'number' && !Number.isFinite(value)) {
      this.fail(field, 'a number');
    } else if (isLongNumber(value)) {
      this.fail(field, 'a number that a double holds');
    }
  }
}
