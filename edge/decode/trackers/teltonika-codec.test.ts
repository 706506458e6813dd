import { describe, expect, test } from 'vitest';

import type { Event } from '#shared/event.ts';

import { teltonikaCodec } from './teltonika-codec.ts';
import { crc16 } from './teltonika-frame.ts';
import { frameFacts } from '../testing/avl-facts.ts';
import { avlFrame, avlRecord, crcBitByBit, frameOf, type Codec } from '../testing/avl-frame.ts';
import { decodedAs, eventsAs, RECEIVED_MS } from '../testing/format-message.ts';
import { compareFacts, recordsOf, samplesOf } from '../testing/sample-facts.ts';

const IMEI = '350000000000006';
const SAID = { topic: `teltonika/${IMEI}` };
const TIME_MS = BigInt(RECEIVED_MS) - 7_200_000n;
const FIX = {
  timeMs: TIME_MS,
  lat: 52.5,
  lon: -13.25,
  satellites: 9,
  altitude: -3,
  angle: 90,
  speed: 50,
};

const decode = (payload: unknown): readonly Event[] => eventsAs(teltonikaCodec, SAID, payload);
const ioOf = (event: Event | undefined): unknown =>
  JSON.parse(event?.attributes?.['ioElements'] ?? 'null');

describe('the samples', () => {
  const samples = samplesOf('teltonika').filter(({ name }) => name.endsWith('.hex'));
  test.each(samples)('$name has its facts', (sample) => {
    const events = eventsAs(teltonikaCodec, SAID, sample.payload);
    const found = { ...frameFacts(sample.payload), records: recordsOf(events) };
    const { faults, count } = compareFacts(sample.facts, found);
    expect(faults).toEqual([]);
    expect(count).toBeGreaterThan(10);
  });
});

describe('the examples of the wiki', () => {
  test('two records of codec 8 are two observations', () => {
    const events = decode(
      '000000000000004308020000016B40D57B480100000000000000000000000000000001010101000000000000016B40D5C198010000000000000000000000000000000101010101000000020000252C',
    );
    expect(events.map(({ eventTimeMs }) => new Date(eventTimeMs).toISOString())).toEqual([
      '2019-06-10T10:01:01.000Z',
      '2019-06-10T10:01:19.000Z',
    ]);
    expect(events.map(ioOf)).toEqual([{ 1: 0 }, { 1: 1 }]);
  });

  test('codec 16 has ids of two bytes, and says why it made a record', () => {
    const events = decode(
      '000000000000005F10020000016BDBC7833000000000000000000000000000000000000B05040200010000030002000B00270042563A00000000016BDBC7871800000000000000000000000000000000000B05040200010000030002000B00260042563A00000200005FB3',
    );
    expect(events).toMatchObject([
      { attributes: { eventIoId: '11', generationType: '5' } },
      { attributes: { eventIoId: '11', generationType: '5' } },
    ]);
    expect(events.map(ioOf)).toEqual([
      { 1: 0, 3: 0, 11: 39, 66: 22_074 },
      { 1: 0, 3: 0, 11: 38, 66: 22_074 },
    ]);
  });

  test('the answer of codec 12 is a status that keeps it; the order was no observation', () => {
    expect(decode('000000000000000F0C010500000007676574696E666F0100004312')).toEqual([]);
    const [event] = decode(
      '00000000000000900C010600000088494E493A323031392F372F323220373A3232205254433A323031392F372F323220373A3533205253543A32204552523A312053523A302042523A302043463A302046473A3020464C3A302054553A302F302055543A3020534D533A30204E4F4750533A303A3330204750533A31205341543A302052533A332052463A36352053463A31204D443A30010000C78F',
    );
    expect(event).toMatchObject({
      kind: 'status',
      deviceId: IMEI,
      timeQuality: 'receive',
      attributes: {
        type: 'commandReply',
        RSP: expect.stringMatching(/^INI:2019\/7\/22 7:22 RTC:.* MD:0$/u) as string,
      },
    });
  });
});

describe('a record', () => {
  test.each<Codec>(['8', '8E', '16'])(
    'of codec %s is a position and what was measured',
    (codec) => {
      const io = {
        1: [[239, 1]],
        2: [
          [66, 12_146],
          [182, 7],
          [181, 12],
        ],
        4: [[16, 4_000_000_000]],
      } as const;
      const priority = 2;
      expect(decode(avlFrame(codec, [{ ...FIX, priority, event: 239, io }]))).toEqual([
        {
          kind: 'position',
          deviceId: IMEI,
          eventTimeMs: Number(TIME_MS),
          timeQuality: 'device',
          receiveTimeMs: RECEIVED_MS,
          lat: 52.5,
          lon: -13.25,
          altitudeM: -3,
          speedKmh: 50,
          headingDeg: 90,
          satellites: 9,
          hdop: 0.7,
          attributes: {
            priority: '2',
            eventIoId: '239',
            'position.pdop': '1.2',
            ioElements: '{"239":1,"66":12146,"182":7,"181":12,"16":4000000000}',
            ...(codec === '16' ? { generationType: '0' } : {}),
          },
        },
        {
          kind: 'reading',
          deviceId: IMEI,
          eventTimeMs: Number(TIME_MS),
          timeQuality: 'device',
          receiveTimeMs: RECEIVED_MS,
          readings: [
            { name: 'ignition', value: true },
            { name: 'externalVoltage', value: 12.146, unit: 'VLT' },
            { name: 'odometer', value: 4_000_000_000, unit: 'MTR' },
          ],
        },
      ]);
    },
  );

  test('without a fix is none: 0/0 is no place, and nothing is said of speed', () => {
    expect(decode(avlFrame('8', [{ timeMs: TIME_MS }]))).toEqual([
      {
        kind: 'status',
        deviceId: IMEI,
        eventTimeMs: Number(TIME_MS),
        timeQuality: 'device',
        receiveTimeMs: RECEIVED_MS,
        attributes: { priority: '0', eventIoId: '0' },
      },
    ]);
  });

  test('that repeats its last fix distrusts it', () => {
    const [event] = decode(avlFrame('8', [{ ...FIX, satellites: 0, speed: 0, angle: 0 }]));
    expect(event).toMatchObject({ kind: 'position', lat: 52.5, satellites: 0, valid: false });
    expect(event).not.toHaveProperty('speedKmh');
    expect(event).not.toHaveProperty('headingDeg');
  });

  test('off the Earth keeps what it says and is no position', () => {
    const [event] = decode(avlFrame('8', [{ ...FIX, lat: 91, angle: 361 }]));
    expect(event).toMatchObject({
      kind: 'status',
      attributes: { latlng: '91,-13.25', alt: '-3', ang: '361', sat: '9', sp: '50' },
    });
  });

  test('keeps an integer beyond 2^53 with all its digits', () => {
    const io = {
      8: [
        [10, 2n ** 64n - 1n],
        [11, 2n ** 53n - 1n],
        [12, 2n ** 53n],
      ],
    } as const;
    expect(ioOf(decode(avlFrame('8', [{ ...FIX, io }]))[0])).toEqual({
      10: '18446744073709551615',
      11: Number.MAX_SAFE_INTEGER,
      12: '9007199254740992',
    });
  });

  test('reads axes and temperatures as signed, and no temperature of a probe that has none', () => {
    const io = {
      2: [
        [17, -963],
        [18, 100],
      ],
      4: [
        [72, -55],
        [73, 850],
        [74, 3000],
        [75, 4_294_967_295],
      ],
    } as const;
    const [, reading] = decode(avlFrame('8', [{ ...FIX, io }]));
    expect(reading).toMatchObject({
      readings: [
        { name: 'axisX', value: -0.963, unit: 'g' },
        { name: 'axisY', value: 0.1, unit: 'g' },
        { name: 'temperature1', value: -5.5, unit: 'CEL' },
        { name: 'temperature4', value: -0.1, unit: 'CEL' },
      ],
    });
  });

  test('of codec 8 extended has elements of any length: text where it is, else hex digits', () => {
    const variable = [
      [256, Buffer.from('WVWZZZ1JZXW000001')],
      [385, Buffer.from([0x11, 0xff, 0x00])],
      [387, Buffer.from('+51.4456+005.4539/')],
      [10_000, Buffer.alloc(0)],
    ] as const;
    expect(ioOf(decode(avlFrame('8E', [{ ...FIX, variable }]))[0])).toEqual({
      256: 'WVWZZZ1JZXW000001',
      385: '11ff00',
      387: '+51.4456+005.4539/',
      10_000: '',
    });
  });

  test('with more elements than an attribute holds is raw alone, its neighbours are not', () => {
    const variable = [[385, Buffer.alloc(5000)]] as const;
    const long = { ...FIX, variable };
    expect(decode(avlFrame('8E', [FIX, long, FIX]))).toMatchObject([
      { kind: 'position' },
      {
        kind: 'raw',
        deviceId: IMEI,
        reason: 'ioElements: expected storable text of at most 8192 characters',
        payload: new Uint8Array(avlRecord('8E', long)),
      },
      { kind: 'position' },
    ]);
  });

  test('of a clock gone mad is raw; of one that was not set it is marked', () => {
    const mad = avlFrame('8', [{ ...FIX, timeMs: 2n ** 63n }]);
    expect(decodedAs(teltonikaCodec, SAID, mad)).toBe('ts: expected a time');
    const unset = avlFrame('8', [{ ...FIX, timeMs: 1_072_915_236_000n }]);
    expect(decode(unset)).toMatchObject([
      { eventTimeMs: 1_072_915_236_000, timeQuality: 'implausible' },
    ]);
  });

  test('counts milliseconds, also in 1970, when seconds would be another year', () => {
    const early = avlFrame('8', [{ ...FIX, timeMs: 1_700_000_000n }]);
    expect(decode(early)).toMatchObject([
      { eventTimeMs: 1_700_000_000, timeQuality: 'implausible' },
    ]);
  });
});

describe('a message', () => {
  test('holds records that are hours old, each with its own time', () => {
    const records = Array.from({ length: 255 }, (_, i) => ({
      ...FIX,
      timeMs: TIME_MS + BigInt(i) * 1000n,
    }));
    const events = decode(avlFrame('8', records));
    expect(events.map(({ eventTimeMs }) => eventTimeMs)).toEqual(
      records.map(({ timeMs }) => Number(timeMs)),
    );
  });

  test('holds several frames, and the login before them names the tracker', () => {
    const login = Buffer.concat([Buffer.from([0, 15]), Buffer.from('350000000000999')]);
    const frames = [avlFrame('8', [FIX]), avlFrame('8E', [FIX, FIX])];
    const events = decode(Buffer.concat([login, ...frames]));
    expect(events.map(({ deviceId }) => deviceId)).toEqual(Array(3).fill('350000000000999'));
    expect(decode(login)).toEqual([]);
  });

  test.each([
    ['a keep-alive', Buffer.from([0xff])],
    ['a frame of no records', frameOf(0x08, [])],
  ])('that is %s carries nothing', (_name, payload) => {
    expect(decode(payload)).toEqual([]);
  });

  test('is the same as hex digits, whatever their case and however they are set apart', () => {
    const frame = avlFrame('16', [FIX]);
    const hex = frame.toString('hex');
    const spaced = (hex.toUpperCase().match(/../gu) ?? []).join(' ');
    expect(decode(hex)).toEqual(decode(frame));
    expect(decode(`${spaced}\n`)).toEqual(decode(frame));
    expect(decodedAs(teltonikaCodec, SAID, hex.slice(1))).toMatch(/^payload: expected/u);
    expect(decodedAs(teltonikaCodec, SAID, '{"ts":1}')).toMatch(/^payload: expected a frame/u);
    expect(decodedAs(teltonikaCodec, SAID, 'abc xyz')).toMatch(
      /^payload: expected bytes or pairs/u,
    );
  });

  test('G7 bounded: of more events than a message may be is kept whole', () => {
    const frame = avlFrame(
      '8',
      Array.from({ length: 255 }, () => ({ ...FIX, io: { 1: [[239, 1]] } })),
    );
    expect(decode(frame)).toHaveLength(510);
    const payload = Buffer.concat([frame, frame]);
    expect(decodedAs(teltonikaCodec, SAID, payload)).toBe('payload: expected at most 1000 events');
    expect(decodedAs(teltonikaCodec, SAID, Buffer.alloc(300_000))).toMatch(
      /^payload: expected at most/u,
    );
  });

  test('of codec 13 says when the answer was given', () => {
    const time = Buffer.from([0x60, 0x00, 0x00, 0x00]);
    const text = Buffer.from('ok');
    const body = Buffer.concat([Buffer.from([6, 0, 0, 0, 6]), time, text]);
    expect(decode(frameOf(0x0d, [body]))).toMatchObject([
      { kind: 'status', eventTimeMs: 0x60000000 * 1000, attributes: { RSP: 'ok' } },
    ]);
  });
});

describe('what lies', () => {
  const frame = avlFrame('8', [FIX]);
  const good = avlRecord('8', FIX);
  const changed = (change: (copy: Buffer) => void): Buffer => {
    const copy = Buffer.from(frame);
    change(copy);
    return copy;
  };
  const inRecord = (at: number, value: number): Buffer => {
    const copy = Buffer.from(good);
    copy[at] = value;
    return frameOf(0x08, [copy]);
  };

  test.each([
    ['the CRC', changed((copy) => (copy[copy.length - 1] = 1)), /^crc: expected \d+$/u],
    ['a bit', changed((copy) => (copy[20] = 255)), /^crc: expected/u],
    [
      'the length, too long',
      changed((copy) => (copy[7] = 255)),
      /^length: expected 3 to \d+ bytes/u,
    ],
    ['the length, of gigabytes', changed((copy) => (copy[4] = 255)), /^length: expected/u],
    ['the length, too short', changed((copy) => (copy[7] = 2)), /^length: expected/u],
    ['the preamble', changed((copy) => (copy[3] = 1)), /^payload: expected a frame/u],
    ['the first count', frameOf(0x08, [good], [2, 1]), /^count: expected 2 at the end too$/u],
    ['both counts, more', frameOf(0x08, [good], [2, 2]), /^records\[1\]: expected more bytes$/u],
    [
      'both counts, fewer',
      frameOf(0x08, [good, good], [1, 1]),
      /^records: expected 1, found more/u,
    ],
    [
      'the number of elements',
      inRecord(25, 7),
      /^records\[0\]\.io: expected 7 elements, found 0$/u,
    ],
    ['the number of a group', inRecord(26, 200), /^records\[0\]: expected more bytes$/u],
    ['the codec', frameOf(0x07, [good]), /^codec: expected/u],
    ['the size of an answer', frameOf(0x0c, [Buffer.from([6, 255, 0, 0, 0])]), /^texts\[0\]: exp/u],
    ['the number of answers', frameOf(0x0c, [], [3, 3]), /^texts\[0\]: expected more bytes$/u],
  ])('about %s is kept raw whole', (_name, payload, reason) => {
    expect(decodedAs(teltonikaCodec, SAID, payload)).toMatch(reason);
  });

  test('about an element twice is kept raw, as one of the two would be lost', () => {
    const payload = avlFrame('8', [{ ...FIX, io: { 1: [[21, 1]], 2: [[21, 2]] } }]);
    expect(decodedAs(teltonikaCodec, SAID, payload)).toBe(
      'records[0].io: expected each element once',
    );
  });

  test('G7 bounded: about the length of an element of codec 8 extended reads nothing beyond the frame', () => {
    const record = avlRecord('8E', { ...FIX, variable: [[385, Buffer.from([1, 2])]] });
    record.writeUInt16BE(65_535, record.length - 4);
    expect(decodedAs(teltonikaCodec, SAID, frameOf(0x8e, [record]))).toBe(
      'records[0]: expected more bytes',
    );
  });

  test('G2 no-loss: in one frame is raw with its bytes, the frames beside it are read', () => {
    const broken = changed((copy) => (copy[20] = 255));
    const tail = Buffer.from([0, 0, 0]);
    expect(decode(Buffer.concat([frame, broken, frame, tail]))).toMatchObject([
      { kind: 'position' },
      { kind: 'raw', payload: new Uint8Array(broken), deviceId: IMEI },
      { kind: 'position' },
      { kind: 'raw', payload: new Uint8Array(tail) },
    ]);
  });
});

test('the CRC is that of its definition, and of the catalogue of CRCs', () => {
  expect(crc16(Buffer.from('123456789'))).toBe(0xbb3d);
  for (let length = 0; length < 300; length += 7) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 37 + length) & 0xff));
    expect(crc16(bytes)).toBe(crcBitByBit(bytes));
  }
});
