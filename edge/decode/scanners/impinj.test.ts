import { describe, expect, test } from 'vitest';

import { impinj } from './impinj.ts';
import { decodeWith, eventsWith, RECEIVED_MS, testSamples } from '../testing/decode-format.ts';

const TIME = '2026-11-23T07:59:58.250476625Z';
const EVENT_MS = RECEIVED_MS - 1750;

const tag = (event: object, more: object = {}): object => ({
  timestamp: TIME,
  eventType: 'tagInventory',
  tagInventoryEvent: event,
  ...more,
});

const SCAN = {
  kind: 'scan',
  deviceId: 'dock-1',
  eventTimeMs: EVENT_MS,
  timeQuality: 'device',
  utcOffsetMin: 0,
  receiveTimeMs: RECEIVED_MS,
} as const;
const EPC = { data: 'E28011606000020A6681F23F', parcelId: 'E28011606000020A6681F23F' };
const TIMES = { eventTimeRaw: TIME, publishedTime: '2026-11-23T07:59:58.250Z' };

describe('samples of Impinj', () => {
  testSamples('impinj', impinj);
});

describe('a tag', () => {
  test('has all that the reader was told to say', () => {
    const event = {
      epc: '4oARYGAAAgpmgfI_',
      epcHex: 'E28011606000020A6681F23F',
      tid: '4gAg',
      tidHex: 'e20020',
      pc: 'MAA=',
      xpcHex: '0001',
      antennaPort: 1,
      antennaName: 'Portal1',
      peakRssiCdbm: -5850,
      frequency: 866_900,
      transmitPowerCdbm: 3150,
      phaseAngle: 151.88,
      lastSeenTime: '2026-11-23T07:59:57.499734Z',
      tagAccessPasswordWriteResponse: { response: 'success' },
    };
    expect(eventsWith(impinj, tag(event))).toEqual([
      {
        ...SCAN,
        ...EPC,
        eventTimeMs: EVENT_MS - 751,
        antenna: 1,
        rssiDbm: -58.5,
        attributes: {
          eventTimeRaw: '2026-11-23T07:59:57.499734Z',
          publishedTime: '2026-11-23T07:59:58.250Z',
          tidHex: 'E20020',
          antennaName: 'Portal1',
          frequencyKHz: '866900',
          txPowerDbm: '31.5',
          phaseDeg: '151.88',
          pcHex: '3000',
          xpcHex: '0001',
          'tagAccessPasswordWriteResponse.response': 'success',
        },
      },
    ]);
  });

  test.each([
    ['hexadecimal alone', { epcHex: 'e28011606000020a6681f23f' }],
    ['base64url alone', { epc: '4oARYGAAAgpmgfI_' }],
    ['base64 with the other alphabet', { epc: '4oARYGAAAgpmgfI/' }],
    ['both', { epc: '4oARYGAAAgpmgfI_', epcHex: 'E28011606000020A6681F23F' }],
  ])('has one EPC, told in %s', (_, event) => {
    expect(eventsWith(impinj, tag(event))).toEqual([{ ...SCAN, ...EPC, attributes: TIMES }]);
  });

  test.each([
    ['ikUCJA==', '8A450224'],
    ['ikUCJA', '8A450224'],
    ['_-8', 'FFEF'],
  ])('may have a short EPC, padded or not: %s', (epc, data) => {
    expect(eventsWith(impinj, tag({ epc }))).toMatchObject([{ data }]);
  });

  test('whose EPC is told in two ways that differ keeps both', () => {
    expect(eventsWith(impinj, tag({ epc: 'AAAA', epcHex: 'FFFF' }))).toMatchObject([
      { data: 'FFFF', attributes: { epc: 'AAAA' } },
    ]);
    expect(eventsWith(impinj, tag({ epc: 'AAAA', epcHex: 'not hex' }))).toMatchObject([
      { data: '000000', attributes: { epcHex: 'not hex' } },
    ]);
  });

  test('without an EPC is known by its TID', () => {
    const [event] = eventsWith(impinj, tag({ epc: '', tidHex: 'E20020' }));
    expect(event).toMatchObject({ data: 'E20020', attributes: { identifiedBy: 'tid' } });
    expect(event?.attributes).not.toHaveProperty('tidHex');
  });

  test.each([
    ['MAA=', { pcHex: '3000' }],
    ['3000', { pcHex: '3000' }],
    ['odd', { pc: 'odd?' }],
  ])('has its control word in base64 or hexadecimal: %s', (pc, attributes) => {
    const said = pc === 'odd' ? 'odd?' : pc;
    expect(eventsWith(impinj, tag({ epcHex: 'AA', pc: said }))).toMatchObject([{ attributes }]);
  });

  test('keeps as attributes what is not as it should be', () => {
    const event = { epcHex: 'AA', antennaPort: 'x', peakRssiCdbm: 'low', phaseAngle: 4096 };
    expect(eventsWith(impinj, tag({ ...event, transmitPowerCdbm: {} }))).toMatchObject([
      { data: 'AA', attributes: { antennaPort: 'x', peakRssiCdbm: 'low', phaseAngle: '4096' } },
    ]);
  });

  test('may have its numbers as strings', () => {
    const event = { epcHex: 'AA', antennaPort: '2', peakRssiCdbm: '-5400' };
    expect(eventsWith(impinj, tag(event))).toMatchObject([{ antenna: 2, rssiDbm: -54 }]);
  });

  test('comes from the reader that its host name says', () => {
    expect(
      eventsWith(impinj, tag({ epcHex: 'AA' }, { hostname: 'impinj-13-f8-f5' })),
    ).toMatchObject([{ deviceId: 'impinj-13-f8-f5' }]);
  });

  test('is told by its member, whatever the event type says', () => {
    const { eventType: _, ...bare } = tag({ epcHex: 'AA' }) as Record<string, unknown>;
    expect(eventsWith(impinj, bare)).toMatchObject([{ kind: 'scan', data: 'AA' }]);
    expect(eventsWith(impinj, tag({ epcHex: 'AA' }, { eventType: 'other' }))).toMatchObject([
      { kind: 'scan', attributes: { eventType: 'other' } },
    ]);
  });

  test.each([
    ['tagLocationEntry', 'enter'],
    ['tagLocationExit', 'exit'],
    ['tagLocationUpdate', undefined],
  ])('that %s tells is a scan with its presence', (eventType, presence) => {
    const payload = { timestamp: TIME, eventType, [`${eventType}Event`]: { epcHex: 'AA', xCm: 4 } };
    const [event] = eventsWith(impinj, payload);
    expect(event).toMatchObject({
      kind: 'scan',
      data: 'AA',
      attributes: { mode: eventType, xCm: '4' },
    });
    expect(event?.kind === 'scan' ? event.presence : 'none').toBe(presence);
  });
});

describe('G10 clock: the time of a tag', () => {
  test('is the receive time when the reader says none', () => {
    expect(eventsWith(impinj, { tagInventoryEvent: { epcHex: 'AA' } })).toEqual([
      {
        kind: 'scan',
        deviceId: 'dock-1',
        eventTimeMs: RECEIVED_MS,
        timeQuality: 'receive',
        receiveTimeMs: RECEIVED_MS,
        data: 'AA',
        parcelId: 'AA',
      },
    ]);
  });

  test.each([
    ['2026-11-23T08:59:58.2+01:00', '2026-11-23T07:59:58.200Z'],
    ['2026-11-23T07:59:58Z', '2026-11-23T07:59:58.000Z'],
    ['2016-12-31T23:59:60.500Z', '2017-01-01T00:00:00.500Z'],
  ])('it was published at %s, in UTC', (timestamp, publishedTime) => {
    expect(eventsWith(impinj, tag({ epcHex: 'AA' }, { timestamp }))).toMatchObject([
      { attributes: { publishedTime } },
    ]);
  });

  test('a clock that was never set is told', () => {
    expect(
      eventsWith(impinj, tag({ epcHex: 'AA' }, { timestamp: '1970-01-01T00:01:02Z' })),
    ).toMatchObject([{ timeQuality: 'implausible', eventTimeMs: 62_000 }]);
  });
});

describe('other events', () => {
  test.each([
    ['inventoryStatus', { inventoryStatus: 'running' }],
    ['inventoryTerminated', {}],
    ['antennaConnected', { antennaPort: '2', antennaName: 'Dock' }],
    ['antennaDisconnected', { antennaPort: '2' }],
    ['antennaActivation', { antennaPort: '1' }],
    ['overflow', {}],
    ['diagnostic', { title: 'hot', code: 'D7' }],
    ['ofTomorrow', { a: '1' }],
  ])('%s is a status with all that it says', (eventType, fields) => {
    const payload = { timestamp: TIME, eventType, [`${eventType}Event`]: fields };
    expect(eventsWith(impinj, payload)).toEqual([
      {
        ...SCAN,
        kind: 'status',
        attributes: { eventTimeRaw: TIME, statusType: eventType, ...fields },
      },
    ]);
  });

  test('an event type without its member is a status', () => {
    expect(eventsWith(impinj, { timestamp: TIME, eventType: 'overflow' })).toMatchObject([
      { kind: 'status', attributes: { statusType: 'overflow' } },
    ]);
  });

  test('two members are two events', () => {
    expect(eventsWith(impinj, tag({ epcHex: 'AA' }, { overflowEvent: {} }))).toMatchObject([
      { kind: 'scan', data: 'AA' },
      { kind: 'status', attributes: { statusType: 'overflow' } },
    ]);
  });

  test.each([
    ['low-to-high', true, { state: 'HIGH' }],
    ['high-to-low', false, { state: 'LOW' }],
    ['flapping', 'flapping', { transition: 'flapping' }],
  ])('a port that goes %s is a reading', (transition, value, attributes) => {
    const payload = { timestamp: TIME, gpiTransitionEvent: { gpi: 1, transition } };
    expect(eventsWith(impinj, payload)).toMatchObject([
      {
        kind: 'reading',
        readings: [{ name: 'gpi.1', value }],
        attributes: { type: 'gpio', direction: 'input', pin: '1', ...attributes },
      },
    ]);
  });
});

describe('messages that are no events', () => {
  test.each(['Reader connected', 'gate 4 offline ', '"quoted"', '42', 'verbunden – ja'])(
    'connect and will messages are statuses with their text: %s',
    (text) => {
      expect(eventsWith(impinj, text)).toEqual([
        {
          kind: 'status',
          deviceId: 'dock-1',
          eventTimeMs: RECEIVED_MS,
          timeQuality: 'receive',
          receiveTimeMs: RECEIVED_MS,
          attributes: { statusType: 'message', message: text },
        },
      ]);
    },
  );

  test('an empty array carries nothing', () => {
    expect(eventsWith(impinj, '[]')).toEqual([]);
    expect(eventsWith(impinj, ' [ ]\r\n')).toEqual([]);
  });

  test('lines of JSON are taken', () => {
    const line = JSON.stringify(tag({ epcHex: 'AA' }));
    expect(eventsWith(impinj, `${line}\r\n${line}\r\n`)).toHaveLength(2);
  });
});

describe('G2 no-loss: what is not understood', () => {
  test('in an array is kept raw alone', () => {
    expect(
      eventsWith(impinj, [tag({ epcHex: 'AA' }), tag({ antennaPort: 1 }), { timestamp: TIME }]),
    ).toMatchObject([
      { data: 'AA' },
      { kind: 'raw', reason: 'tagInventoryEvent: expected the epc or the tid of a tag' },
      { kind: 'raw', reason: 'payload: expected a member that is an event' },
    ]);
  });

  test.each([
    ['nothing', '', 'payload: expected JSON, found nothing'],
    ['bytes', Uint8Array.of(1, 2, 255), 'payload: expected UTF-8'],
    ['a control character', 'a\u0007', 'payload: expected JSON'],
    ['an object without a member', '{}', 'payload: expected a member that is an event'],
    [
      'a member that is null',
      '{"tagInventoryEvent":null}',
      'payload: expected a member that is an event',
    ],
    [
      'a time that is none',
      tag({ epcHex: 'AA', lastSeenTime: 'now' }),
      'lastSeenTime: expected a time',
    ],
    [
      'a port without a number',
      { gpiTransitionEvent: { transition: 'low-to-high' } },
      'gpiTransitionEvent.gpi: expected a whole number from 0 to 255',
    ],
    [
      'a port without a transition',
      { gpiTransitionEvent: { gpi: 1 } },
      'gpiTransitionEvent.transition: expected text',
    ],
  ])('of %s the reason is told', (_, payload, reason) => {
    expect(decodeWith(impinj, payload)).toBe(reason);
  });
});
