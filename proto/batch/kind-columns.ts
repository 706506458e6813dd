/** The columns of each kind of event, written: one encoder a kind, one `push` an event. */
import {
  PRESENCES,
  type PositionEvent,
  type RawEvent,
  type ReadingEvent,
  type ScanEvent,
  type StatusEvent,
} from '#shared/event.ts';
import { parcelIdOf } from '#shared/parcel-id.ts';
import { zigzag } from '#shared/varint.ts';

import type { tallyport } from '../gen/tallyport.js';
import { NumberColumnEncoder } from './number-column.ts';
import { StringColumnEncoder } from './string-column.ts';
import { TextColumnEncoder } from './text-column.ts';
import { TimeColumnsEncoder } from './time-columns.ts';
import { UintColumnEncoder } from './uint-column.ts';

type Wire<T> = { [K in keyof T]?: T[K] | undefined };

/** A message without the fields that are `undefined`, as the generated code wants it. */
export function defined<T extends object>(wire: Wire<T>): T {
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => value !== undefined)) as T;
}

export class ScanColumnsEncoder {
  readonly #time = new TimeColumnsEncoder();
  readonly #data = new TextColumnEncoder();
  readonly #parcelId = new StringColumnEncoder();
  readonly #symbology = new StringColumnEncoder();
  readonly #readPoint = new StringColumnEncoder();
  readonly #operator = new StringColumnEncoder();
  readonly #action = new StringColumnEncoder();
  readonly #deviceSeq = new NumberColumnEncoder({ predicted: true });
  readonly #location = new StringColumnEncoder();
  readonly #bizStep = new StringColumnEncoder();
  readonly #antenna = new NumberColumnEncoder({ predicted: false });
  readonly #rssiDbm = new NumberColumnEncoder({ predicted: false });
  readonly #readCount = new NumberColumnEncoder({ predicted: false });
  readonly #presence = new UintColumnEncoder();
  readonly #firstSeen = new UintColumnEncoder();

  push(event: ScanEvent, device: number): void {
    this.#time.push(event);
    this.#data.push(event.data);
    this.#parcelId.pushDerivable(event.parcelId, parcelIdOf(event.data));
    this.#symbology.push(event.symbology, device);
    this.#readPoint.push(event.readPoint, device);
    this.#operator.push(event.operator, device);
    this.#action.push(event.action, device);
    this.#deviceSeq.push(event.deviceSeq, device);
    this.#location.push(event.location, device);
    this.#bizStep.push(event.bizStep, device);
    this.#antenna.push(event.antenna);
    this.#rssiDbm.push(event.rssiDbm);
    this.#readCount.push(event.readCount);
    this.#presence.push(event.presence === undefined ? 0 : PRESENCES.indexOf(event.presence) + 1);
    const { firstSeenMs } = event;
    this.#firstSeen.push(
      firstSeenMs === undefined ? 0 : zigzag(event.eventTimeMs - firstSeenMs) + 1,
    );
  }

  finish(): tallyport.v1.IScanColumns {
    return defined<tallyport.v1.IScanColumns>({
      time: this.#time.finish(),
      data: this.#data.finish(),
      parcelId: this.#parcelId.finish(),
      symbology: this.#symbology.finish(),
      readPoint: this.#readPoint.finish(),
      operator: this.#operator.finish(),
      action: this.#action.finish(),
      deviceSeq: this.#deviceSeq.finish(),
      location: this.#location.finish(),
      bizStep: this.#bizStep.finish(),
      antenna: this.#antenna.finish(),
      rssiDbm: this.#rssiDbm.finish(),
      readCount: this.#readCount.finish(),
      presence: this.#presence.finish(),
      firstSeen: this.#firstSeen.finish(),
    });
  }
}

export class PositionColumnsEncoder {
  readonly #time = new TimeColumnsEncoder();
  readonly #lat = new NumberColumnEncoder({ predicted: true });
  readonly #lon = new NumberColumnEncoder({ predicted: true });
  readonly #speedKmh = new NumberColumnEncoder({ predicted: false });
  readonly #headingDeg = new NumberColumnEncoder({ predicted: false });
  readonly #altitudeM = new NumberColumnEncoder({ predicted: true });
  readonly #accuracyM = new NumberColumnEncoder({ predicted: false });
  readonly #satellites = new NumberColumnEncoder({ predicted: false });
  readonly #hdop = new NumberColumnEncoder({ predicted: false });
  readonly #valid = new UintColumnEncoder();

  push(event: PositionEvent, device: number): void {
    this.#time.push(event);
    this.#lat.push(event.lat, device);
    this.#lon.push(event.lon, device);
    this.#speedKmh.push(event.speedKmh);
    this.#headingDeg.push(event.headingDeg);
    this.#altitudeM.push(event.altitudeM, device);
    this.#accuracyM.push(event.accuracyM);
    this.#satellites.push(event.satellites);
    this.#hdop.push(event.hdop);
    this.#valid.push(truthCode(event.valid));
  }

  finish(): tallyport.v1.IPositionColumns {
    return defined<tallyport.v1.IPositionColumns>({
      time: this.#time.finish(),
      lat: this.#lat.finish(),
      lon: this.#lon.finish(),
      speedKmh: this.#speedKmh.finish(),
      headingDeg: this.#headingDeg.finish(),
      altitudeM: this.#altitudeM.finish(),
      accuracyM: this.#accuracyM.finish(),
      satellites: this.#satellites.finish(),
      hdop: this.#hdop.finish(),
      valid: this.#valid.finish(),
    });
  }
}

export const READING_TYPE_NUMBER = 0;
export const READING_TYPE_TEXT = 1;
const READING_TYPE_FALSE = 2;
export const READING_TYPE_TRUE = 3;

/** Readings of one event that are told apart as columns; later ones share the last place. */
const PLACES = 16;

/** The column key of a reading: its device and its place within the event. */
export function readingKey(device: number, place: number): number {
  return device * PLACES + Math.min(place, PLACES - 1);
}

export class ReadingColumnsEncoder {
  readonly #time = new TimeColumnsEncoder();
  readonly #count = new UintColumnEncoder();
  readonly #name = new StringColumnEncoder();
  readonly #unit = new StringColumnEncoder();
  readonly #type = new UintColumnEncoder();
  readonly #number = new NumberColumnEncoder({ predicted: true });
  readonly #text = new StringColumnEncoder();

  push(event: ReadingEvent, device: number): void {
    this.#time.push(event);
    this.#count.push(event.readings.length);
    for (const [place, { name, value, unit }] of event.readings.entries()) {
      const key = readingKey(device, place);
      this.#name.push(name, key);
      this.#unit.push(unit, key);
      if (typeof value === 'number') {
        this.#type.push(READING_TYPE_NUMBER);
        this.#number.push(value, key, Math.min(place, PLACES - 1));
      } else if (typeof value === 'string') {
        this.#type.push(READING_TYPE_TEXT);
        this.#text.push(value, key);
      } else {
        this.#type.push(value ? READING_TYPE_TRUE : READING_TYPE_FALSE);
      }
    }
  }

  finish(): tallyport.v1.IReadingColumns {
    return defined<tallyport.v1.IReadingColumns>({
      time: this.#time.finish(),
      count: this.#count.finish(),
      name: this.#name.finish(),
      unit: this.#unit.finish(),
      type: this.#type.finish(),
      number: this.#number.finish(),
      text: this.#text.finish(),
    });
  }
}

const TRUTH_ABSENT = 0;
export const TRUTH_FALSE = 1;
export const TRUTH_TRUE = 2;

/** A truth that may be absent. */
function truthCode(truth: boolean | undefined): number {
  if (truth === undefined) return TRUTH_ABSENT;
  return truth ? TRUTH_TRUE : TRUTH_FALSE;
}

export class StatusColumnsEncoder {
  readonly #time = new TimeColumnsEncoder();
  readonly #online = new UintColumnEncoder();
  readonly #batteryPct = new NumberColumnEncoder({ predicted: true });

  push(event: StatusEvent, device: number): void {
    this.#time.push(event);
    this.#online.push(truthCode(event.online));
    this.#batteryPct.push(event.batteryPct, device);
  }

  finish(): tallyport.v1.IStatusColumns {
    return defined<tallyport.v1.IStatusColumns>({
      time: this.#time.finish(),
      online: this.#online.finish(),
      batteryPct: this.#batteryPct.finish(),
    });
  }
}

export class RawColumnsEncoder {
  readonly #time = new TimeColumnsEncoder();
  readonly #reason = new StringColumnEncoder();
  readonly #topic = new StringColumnEncoder();
  readonly #length = new UintColumnEncoder();
  readonly #payloads: Uint8Array[] = [];

  push(event: RawEvent, device: number): void {
    this.#time.push(event);
    this.#reason.push(event.reason, device);
    this.#topic.push(event.topic, device);
    this.#length.push(event.payload.length);
    this.#payloads.push(event.payload);
  }

  finish(): tallyport.v1.IRawColumns {
    return defined<tallyport.v1.IRawColumns>({
      time: this.#time.finish(),
      reason: this.#reason.finish(),
      topic: this.#topic.finish(),
      length: this.#length.finish(),
      payload: Buffer.concat(this.#payloads),
    });
  }
}
