/** Writes a batch: events to columns, columns to protobuf, protobuf to a zstd frame. */
import { constants, zstdCompressSync } from 'node:zlib';

import { assert, unreachable } from '#shared/assert.ts';
import { EVENT_KINDS, type Event } from '#shared/event.ts';
import { zigzag } from '#shared/varint.ts';

import { tallyport } from '../gen/tallyport.js';
import { BATCH_FORMAT, LANES, type Batch } from './batch.ts';
import { ClockColumnsEncoder } from './clock-columns.ts';
import {
  defined,
  PositionColumnsEncoder,
  RawColumnsEncoder,
  ReadingColumnsEncoder,
  ScanColumnsEncoder,
  StatusColumnsEncoder,
} from './kind-columns.ts';
import { StringColumnEncoder } from './string-column.ts';
import { UintColumnEncoder } from './uint-column.ts';

const v1 = tallyport.v1;

/** Reference mix, batches of 1000: 9.66 bytes and 0.12 µs an event; level 9 makes it 9.52 bytes and 0.42 µs. */
const ZSTD_LEVEL = 3;

/** The bytes of one message on `ingest.v1.<site>.<gateway>`. */
export function encodeBatch(batch: Batch): Uint8Array {
  return zstdCompressSync(encodePlain(batch), {
    params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
  });
}

/** The batch as protobuf, not compressed. */
export function encodePlain(batch: Batch): Uint8Array {
  const columns = new EventColumnsEncoder();
  for (const event of batch.events) columns.push(event);
  return v1.Batch.encode({
    format: BATCH_FORMAT,
    site: batch.site,
    gateway: batch.gateway,
    epoch: batch.epoch,
    firstSeq: batch.firstSeq,
    lastSeq: batch.lastSeq,
    lane: LANES.indexOf(batch.lane) + 1,
    accounts: batch.accounts,
    watermark: batch.watermark,
    shed: batch.shed.map(({ first, last, reason }) => ({ firstSeq: first, lastSeq: last, reason })),
    ...columns.finish(),
  }).finish();
}

class EventColumnsEncoder {
  readonly #kind = new UintColumnEncoder();
  readonly #device = new StringColumnEncoder();
  readonly #receiveTime = new UintColumnEncoder();
  readonly #clock = new ClockColumnsEncoder();
  readonly #attributeCount = new UintColumnEncoder();
  readonly #attributeKey = new StringColumnEncoder();
  readonly #attributeValue = new StringColumnEncoder();
  readonly #scans = new ScanColumnsEncoder();
  readonly #positions = new PositionColumnsEncoder();
  readonly #readings = new ReadingColumnsEncoder();
  readonly #statuses = new StatusColumnsEncoder();
  readonly #raws = new RawColumnsEncoder();
  readonly #kinds = new Set<string>();
  #count = 0;
  #baseTimeMs = 0;
  #lastTimeMs = 0;

  push(event: Event): void {
    assert(
      event.timeQuality !== 'receive' || event.eventTimeMs === event.receiveTimeMs,
      'quality `receive` is the receive time',
    );
    if (this.#count++ === 0) this.#baseTimeMs = this.#lastTimeMs = event.receiveTimeMs;
    this.#kind.push(EVENT_KINDS.indexOf(event.kind));
    this.#kinds.add(event.kind);
    this.#device.push(event.deviceId);
    this.#receiveTime.push(zigzag(event.receiveTimeMs - this.#lastTimeMs));
    this.#lastTimeMs = event.receiveTimeMs;
    this.#clock.push(event);
    this.#pushAttributes(event);
    this.#pushKind(event, this.#device.indexOf(event.deviceId));
  }

  finish(): tallyport.v1.IBatch {
    if (this.#count === 0) return {};
    return defined<tallyport.v1.IBatch>({
      events: defined<tallyport.v1.IEventColumns>({
        count: this.#count,
        kind: this.#kind.finish(),
        device: this.#device.finish(),
        baseTimeMs: this.#baseTimeMs,
        receiveTime: this.#receiveTime.finish(),
        attributeCount: this.#attributeCount.finish(),
        attributeKey: this.#attributeKey.finish(),
        attributeValue: this.#attributeValue.finish(),
        ...this.#clock.finish(),
      }),
      scans: this.#kinds.has('scan') ? this.#scans.finish() : undefined,
      positions: this.#kinds.has('position') ? this.#positions.finish() : undefined,
      readings: this.#kinds.has('reading') ? this.#readings.finish() : undefined,
      statuses: this.#kinds.has('status') ? this.#statuses.finish() : undefined,
      raws: this.#kinds.has('raw') ? this.#raws.finish() : undefined,
    });
  }

  #pushAttributes({ attributes }: Event): void {
    if (attributes === undefined) {
      this.#attributeCount.push(0);
      return;
    }
    const entries = Object.entries(attributes);
    this.#attributeCount.push(entries.length);
    for (const [key, value] of entries) {
      this.#attributeKey.push(key);
      this.#attributeValue.push(value);
    }
  }

  #pushKind(event: Event, device: number): void {
    switch (event.kind) {
      case 'scan':
        this.#scans.push(event, device);
        return;
      case 'position':
        this.#positions.push(event, device);
        return;
      case 'reading':
        this.#readings.push(event, device);
        return;
      case 'status':
        this.#statuses.push(event, device);
        return;
      case 'raw':
        this.#raws.push(event, device);
        return;
      default:
        unreachable(event);
    }
  }
}
