/**
 * Whatever sensors and their bridges send: each format answers with events that keep the rules of `shared/event.ts`, or
 * with a reason. Payloads are made up of the fields that the formats look for, and of samples with something wrong.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { chirpstack } from './chirpstack.ts';
import type { Decoded, Format } from '../decode.ts';
import { ruuvi } from './ruuvi.ts';
import { shelly } from './shelly.ts';
import { tasmota } from './tasmota.ts';
import { samplesOf } from '../testing/sample-facts.ts';
import { inputOf } from '../testing/sensor-messages.ts';
import { expectValidDecoded } from '../testing/valid-event.ts';
import { theThingsStack } from './the-things-stack.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';

const FORMATS: readonly (readonly [string, Format, readonly string[]])[] = [
  [
    'ChirpStack',
    chirpstack,
    ['up', 'join', 'status', 'location', 'ack', 'log', 'integration', 'x'].map(
      (type) => `application/a/device/0101010101010101/event/${type}`,
    ),
  ],
  ['The Things Stack', theThingsStack, ['v3/a@t/devices/d/up', 'v3/a@t/devices/d/down/ack']],
  ['Ruuvi', ruuvi, ['ruuvi/AA/F4:1F:0C:28:CB:D6', 'ruuvi/AA/gw_status', 'ruuvi']],
  ['Shelly', shelly, ['x/events/rpc', 'x/status/switch:0', 'shellies/a/relay/0', 'x/online']],
  ['Tasmota', tasmota, ['tele/t/SENSOR', 'tele/t/STATE', 'tele/t/LWT', 'stat/t/RESULT', 't']],
  [
    'Zigbee2MQTT',
    zigbee2mqtt,
    ['zigbee2mqtt/a/b', 'zigbee2mqtt/a/availability', 'zigbee2mqtt', 'zigbee2mqtt/a'],
  ],
];

const names = fc.oneof(
  fc.constantFrom('deviceInfo', 'devEui', 'time', 'rxInfo', 'data', 'object', 'location', 'margin'),
  fc.constantFrom('latitude', 'longitude', 'altitude', 'temperature', 'TempC_SHT', 'battery'),
  fc.constantFrom('end_device_ids', 'device_id', 'uplink_message', 'rx_metadata', 'received_at'),
  fc.constantFrom('decoded_payload', 'frm_payload', 'location_solved', 'locations', 'user', 'rssi'),
  fc.constantFrom('gw_mac', 'ts', 'src', 'method', 'params', 'events', 'component', 'event', 'id'),
  fc.constantFrom('switch:0', 'tC', 'aenergy', 'total', 'Time', 'Epoch', 'TempUnit', 'ENERGY'),
  fc.constantFrom('StatusSNS', 'last_seen', 'voltage', 'illuminance', 'illuminance_lux', 'state'),
  fc.constantFrom('__proto__', 'constructor', '', 'value', 'unit', 'Systimestamp', 'tags'),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

const leaves = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, '', ' ', '\0', '\ud800', '12.5', '-0', '1e9', 0, -0, 327.67, 1_792_000_000),
  fc.constantFrom('2026-10-31T08:00:00Z', '2026-10-25T02:30:00', '0001-01-01T00:00:00Z', 'qg=='),
  fc.constantFrom('NotifyStatus', 'NotifyEvent', 'online', '°C', 'C', '9007199254740993123'),
  fc.constantFrom('0201061BFF99040515AE4C6DC6D7000CFFF803F4ADB6AD697FF41F0C28CBD6', '1bff9904E1'),
);

const { payload } = fc.letrec<{ payload: unknown; object: unknown }>((tie) => ({
  payload: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaves,
    tie('object'),
    tie('object'),
    fc.array(tie('payload'), { maxLength: 4 }),
  ),
  object: fc
    .uniqueArray(fc.tuple(names, tie('payload')), { selector: ([name]) => name, maxLength: 8 })
    .map(Object.fromEntries),
}));

const sampleBytes = ['chirpstack', 'ttn', 'ruuvi', 'misc'].flatMap((folder) =>
  samplesOf(folder).map((sample) => sample.payload),
);

/** A sample with one byte changed, cut short, or a number or text of it replaced. */
const mutants = fc
  .tuple(fc.constantFrom(...sampleBytes), fc.nat(), fc.nat(255), leaves)
  .chain(([bytes, at, byte, leaf]) => {
    const changed = Buffer.from(bytes);
    changed[at % changed.length] = byte;
    const text = bytes.toString('utf8');
    const values = [...text.matchAll(/(?<=: ?)(?:"[^"]*"|-?[\d.]+|true|false|\{\}|\[\])/gu)];
    const value = values[at % Math.max(values.length, 1)];
    const written = JSON.stringify(leaf);
    const replaced =
      value === undefined
        ? text
        : text.slice(0, value.index) + written + text.slice(value.index + value[0].length);
    return fc.constantFrom<Uint8Array>(
      changed,
      bytes.subarray(0, at % bytes.length),
      Buffer.from(replaced),
    );
  });

const payloads = fc.oneof(
  { weight: 6, arbitrary: payload.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 4, arbitrary: mutants },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('on', 'true', '21.5', 'Online', '', '{}{}', '[]')
      .map((text) => Buffer.from(text)),
  },
);

/** A time is only what the payload says somewhere: else it is the receive time. */
function areTimesRead(decoded: Decoded, bytes: Uint8Array): boolean {
  if (typeof decoded === 'string') return true;
  const hasDigits = /\d/u.test(Buffer.from(bytes).toString('latin1'));
  return hasDigits || decoded.every(({ timeQuality }) => timeQuality === 'receive');
}

describe.each(FORMATS)('%s', (_name, format, topics) => {
  test('any payload gives valid events or a reason', () => {
    const inputs = fc.tuple(fc.constantFrom(...topics), payloads, fc.boolean());
    fc.assert(
      fc.property(inputs, ([topic, bytes, retained]) => {
        const decoded = format(inputOf(topic, bytes, { retained }));
        expectValidDecoded(decoded);
        expect(areTimesRead(decoded, bytes)).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  test('the same message gives the same answer', () => {
    fc.assert(
      fc.property(fc.constantFrom(...topics), payloads, (topic, bytes) => {
        const input = inputOf(topic, bytes);
        expect(format(input)).toEqual(format(input));
      }),
      { numRuns: 100 },
    );
  });

  test('G7 bounded: what is huge, deep or has a thousand fields is answered', () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, i]));
    const deep = JSON.parse(`${'{"a":'.repeat(28)}1${'}'.repeat(28)}`) as unknown;
    const cases: unknown[] = [wide, deep, { object: wide, deviceInfo: deep }, 'x'.repeat(300_000)];
    for (const within of ['uplink_message', 'params', 'StatusSNS', 'deviceInfo', 'AM2301'])
      cases.push({ [within]: wide }, { [within]: { decoded_payload: wide, 'switch:0': deep } });
    for (const topic of topics) {
      for (const value of cases) {
        const decoded = format(inputOf(topic, value));
        expectValidDecoded(decoded);
        const attributes = typeof decoded === 'string' ? {} : (decoded[0]?.attributes ?? {});
        expect(Object.values(attributes).join('').length).toBeLessThan(64 * 8192);
      }
    }
  });
});
