import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { teltonika } from './teltonika.ts';
import { decodedAs, eventsAs, RECEIVED_MS } from '../testing/format-message.ts';
import { expectSamples } from '../testing/sensor-messages.ts';

const IMEI = '350000000000006';
const SAID = { topic: `${IMEI}/data` };
const TS = RECEIVED_MS - 3_600_000;

const decode = (payload: unknown): readonly Event[] => eventsAs(teltonika, SAID, payload);
const shadow = (reported: unknown): object => ({ state: { reported } });

describe('the samples', () => {
  expectSamples('teltonika', teltonika, (name) => name.endsWith('.json'));
});

describe('a record', () => {
  const record = {
    ts: TS,
    pr: 0,
    latlng: '52.5000000,-13.2500000',
    alt: '98',
    ang: '360',
    sat: '11',
    sp: 2.5,
    evt: 239,
    239: 1,
    240: '0',
    182: 8,
  };

  test('is a position and what was measured, numbers as text or not', () => {
    expect(decode(shadow(record))).toEqual([
      {
        kind: 'position',
        deviceId: IMEI,
        eventTimeMs: TS,
        timeQuality: 'device',
        receiveTimeMs: RECEIVED_MS,
        lat: 52.5,
        lon: -13.25,
        altitudeM: 98,
        speedKmh: 2.5,
        headingDeg: 0,
        satellites: 11,
        hdop: 0.8,
        attributes: {
          priority: '0',
          eventIoId: '239',
          ioElements: '{"182":8,"239":1,"240":"0"}',
        },
      },
      {
        kind: 'reading',
        deviceId: IMEI,
        eventTimeMs: TS,
        timeQuality: 'device',
        receiveTimeMs: RECEIVED_MS,
        readings: [
          { name: 'ignition', value: true },
          { name: 'movement', value: false },
        ],
      },
    ]);
  });

  test('is the same without the shadow around it, in an array, or in an array of the shadow', () => {
    const events = decode(shadow(record));
    expect(decode(record)).toEqual(events);
    expect(decode([record, shadow(record)])).toEqual([...events, ...events]);
    expect(decode(shadow([record, record]))).toEqual([...events, ...events]);
    expect(decode(`${JSON.stringify(record)}${JSON.stringify(record)}`)).toEqual([
      ...events,
      ...events,
    ]);
  });

  test.each([
    ['0.000000,0.000000', {}],
    ['0,0', {}],
    ['91.0,5.0', { latlng: '91.0,5.0' }],
    ['52.5', { latlng: '52.5' }],
    ['52.5,NaN', { latlng: '52.5,NaN' }],
    [' 1e2, 5', { latlng: ' 1e2, 5' }],
  ])('at %j is no position', (latlng, kept) => {
    const events = decode({ ts: TS, latlng, alt: 0, ang: '0', sat: 0, sp: 0, 239: 1 });
    expect(events).toMatchObject([{ kind: 'reading', readings: [{ name: 'ignition' }] }]);
    expect(events[0]?.attributes).toEqual({ ioElements: '{"239":1}', ...kept });
  });

  test('of a tracker that repeats its last fix is a position that it distrusts', () => {
    const [event] = decode({ ts: TS, latlng: '52.5,13.25', alt: 5, ang: 0, sat: 0, sp: 0 });
    expect(event).toMatchObject({ lat: 52.5, satellites: 0, valid: false, altitudeM: 5 });
    expect(event).not.toHaveProperty('speedKmh');
    expect(event).not.toHaveProperty('headingDeg');
  });

  test('keeps integers beyond 2^53 exactly, as a number and as text', () => {
    const digits = '12807985546199077791929523463578889055';
    const [event] = decode(`{"ts":${TS},"387":${digits},"10":"${digits}","evt":${digits}}`);
    expect(event?.attributes).toEqual({
      eventIoId: digits,
      ioElements: JSON.stringify({ 10: digits, 387: digits }),
    });
  });

  test('reads axes as signed whichever way they are written', () => {
    const [reading] = decode({ ts: TS, 17: 64_573, 18: -11, 19: '65441' });
    expect(reading).toMatchObject({
      readings: [{ value: -0.963 }, { value: -0.011 }, { value: -0.095 }],
    });
  });

  test('makes no reading of what an element cannot be, and keeps the element', () => {
    const io = { 17: 32_768, 66: -1, 67: 'low', 113: 255, 239: 2 };
    const [event] = decode({ ts: TS, ...io });
    expect(event).toMatchObject({ kind: 'status', attributes: { ioElements: JSON.stringify(io) } });
  });

  test('keeps what it does not know, and what the shadow has beside it', () => {
    const said = {
      state: { reported: { ...record, fw: '03.28', sat: 300 }, desired: { led: 1 } },
      version: 7,
      clientToken: 't',
    };
    expect(decode(said)[0]).toMatchObject({
      kind: 'position',
      attributes: {
        fw: '03.28',
        sat: '300',
        'state.desired.led': '1',
        version: '7',
        clientToken: 't',
      },
    });
  });

  test('without a time has the receive time; with one that is none it is raw', () => {
    expect(decode({ latlng: '52.5,13.25', sat: 4 })).toMatchObject([{ timeQuality: 'receive' }]);
    expect(decodedAs(teltonika, SAID, { ts: 'now', 239: 1 })).toBe('ts: expected a time');
  });

  test('of a clock that was not set is kept and marked', () => {
    expect(decode({ ts: 1_072_915_236_000, 239: 0 })).toMatchObject([
      { eventTimeMs: 1_072_915_236_000, timeQuality: 'implausible' },
    ]);
  });
});

describe('orders and answers', () => {
  test('an answer is a status that keeps it', () => {
    expect(
      eventsAs(teltonika, { topic: `${IMEI}/commands` }, { RSP: 'GPS:1 Sat:9' }),
    ).toMatchObject([
      {
        kind: 'status',
        deviceId: IMEI,
        timeQuality: 'receive',
        attributes: { type: 'commandReply', RSP: 'GPS:1 Sat:9' },
      },
    ]);
  });

  test('an order is nothing that the tracker observed', () => {
    expect(eventsAs(teltonika, { topic: `${IMEI}/commands` }, { CMD: 'getinfo' })).toEqual([]);
  });
});

describe('what is no record', () => {
  test.each([
    [{}, /^payload: expected a record of a tracker/u],
    [{ state: {} }, /^payload: expected a record/u],
    [{ state: { reported: {} } }, /^payload: expected a record/u],
    [{ temperature: 5 }, /^payload: expected a record/u],
    [shadow([7]), /^payload: expected a record/u],
    ['[1]', /^payload: expected an object/u],
    ['', /^payload: expected JSON/u],
    [Buffer.from([0xa1, 0x62]), /^payload: expected/u],
  ])('%o is kept raw', (payload, reason) => {
    const decoded = decodedAs(teltonika, SAID, payload);
    const found =
      typeof decoded === 'string' ? decoded : decoded[0]?.kind === 'raw' && decoded[0].reason;
    expect(found).toMatch(reason);
  });

  test('in an array is raw alone', () => {
    expect(
      decode([
        { ts: TS, 239: 1 },
        { ts: 'x', 239: 1 },
      ]),
    ).toMatchObject([
      { kind: 'reading' },
      {
        kind: 'raw',
        deviceId: IMEI,
        reason: 'ts: expected a time',
        payload: new Uint8Array(Buffer.from('{"239":1,"ts":"x"}')),
      },
    ]);
  });
});

test.each([
  [{ topic: `${IMEI}/data` }, IMEI],
  [{ topic: 'FMC130-7/data' }, 'fmc130-7'],
  [{ topic: `depot/trackers/${IMEI}/up` }, IMEI],
  [{ topic: 'a/b', names: { imei: IMEI } }, IMEI],
  [{ topic: 'a/b/c', names: {} }, 'client-1'],
])('the tracker of %o is %s', (said, deviceId) => {
  expect(eventsAs(teltonika, said, { ts: TS, 239: 1 })).toMatchObject([{ deviceId }]);
});
