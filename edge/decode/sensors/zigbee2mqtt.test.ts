/** What Zigbee2MQTT publishes, and what becomes of it. */
import { describe, expect, test } from 'vitest';

import { expectSamples, inputOf } from '../testing/sensor-messages.ts';
import { zigbee2mqtt } from './zigbee2mqtt.ts';

const decode = (topic: string, payload: unknown) => zigbee2mqtt(inputOf(topic, payload));

describe('samples', () => {
  expectSamples('misc', zigbee2mqtt, (name) => name === 'misc/01.json');
});

describe('states', () => {
  test('numbers, words and truths are readings; what is within an object is an attribute', () => {
    const payload = {
      contact: false,
      state: 'ON',
      action: '',
      battery: '97.5',
      water_leak: null,
      linkquality: 120,
      update: { state: 'idle', installed_version: 1 },
    };
    expect(decode('zigbee2mqtt/door', payload)).toMatchObject([
      {
        kind: 'reading',
        readings: [
          { name: 'contact', value: false },
          { name: 'state', value: 'ON' },
          { name: 'battery', value: 97.5, unit: 'P1' },
          { name: 'linkquality', value: 120 },
        ],
        attributes: { 'update.state': 'idle', 'update.installed_version': '1' },
      },
    ]);
  });

  test.each([
    ['of a battery, in millivolts', { voltage: 2995 }, 'batteryVoltage', 2.995],
    ['of a battery that is nearly empty', { battery: 0, voltage: 900 }, 'batteryVoltage', 0.9],
    ['of the mains, in volts', { voltage: 231, power: 4 }, 'voltage', 231],
  ])('a voltage %s', (_what, payload, name, value) => {
    const [event] = decode('zigbee2mqtt/x', payload);
    const readings = typeof event === 'object' && event.kind === 'reading' ? event.readings : [];
    expect(readings).toContainEqual({ name, value, unit: 'VLT' });
  });

  test('illuminance beside lux is a count', () => {
    expect(decode('zigbee2mqtt/x', { illuminance: 16_994, illuminance_lux: 49 })).toMatchObject([
      {
        readings: [
          { name: 'illuminance', value: 16_994 },
          { name: 'illuminance_lux', value: 49, unit: 'LUX' },
        ],
      },
    ]);
  });

  test('a friendly name may have slashes, also where the route names its first level', () => {
    const expected = [
      { deviceId: 'hall-north-temp-1', attributes: { device: 'hall/north/temp 1' } },
    ];
    const topic = 'zigbee2mqtt/hall/north/temp 1';
    expect(decode(topic, { temperature: 4 })).toMatchObject(expected);
    const input = inputOf(topic, { temperature: 4 }, { names: { friendlyName: 'hall' } });
    expect(zigbee2mqtt(input)).toMatchObject(expected);
  });

  test('a base topic of two levels is left to the route', () => {
    const names = { friendlyName: 'door' };
    const input = inputOf('depot/zigbee/door', { contact: true }, { names });
    expect(zigbee2mqtt(input)).toMatchObject([{ deviceId: 'door' }]);
  });

  test('a message with nothing in it says that the device is there', () => {
    expect(decode('zigbee2mqtt/x', {})).toMatchObject([{ kind: 'status' }]);
  });
});

describe('last_seen', () => {
  const at = (last_seen: unknown) => decode('zigbee2mqtt/x', { last_seen, temperature: 1 });
  const timeMs = Date.UTC(2026, 9, 31, 8);

  test.each([
    ['ISO_8601', '2026-10-31T08:00:00.000Z', 0],
    ['ISO_8601_local', '2026-10-31T09:00:00+01:00', 60],
    ['epoch', timeMs, undefined],
  ])('%s', (_form, said, utcOffsetMin) => {
    expect(at(said)).toMatchObject([{ eventTimeMs: timeMs, timeQuality: 'device' }]);
    const [event] = at(said);
    expect(event).toHaveProperty('kind', 'reading');
    expect(typeof event === 'object' ? event.utcOffsetMin : 'none').toBe(utcOffsetMin);
  });

  test('disabled, it is the receive time; retained, the event says that it may be old', () => {
    const input = inputOf('zigbee2mqtt/x', { temperature: 1 }, { retained: true });
    expect(zigbee2mqtt(input)).toMatchObject([
      { timeQuality: 'receive', attributes: { retained: 'true' } },
    ]);
  });

  test('nonsense is not understood', () => {
    expect(at('yesterday')).toBe('last_seen: expected a time');
  });
});

describe('other topics', () => {
  test.each([['online'], [{ state: 'online' }]])('availability %j', (payload) => {
    expect(decode('zigbee2mqtt/hall/x/availability', payload)).toMatchObject([
      { kind: 'status', deviceId: 'hall-x', online: true },
    ]);
  });

  test('an availability that is neither is not understood', () => {
    expect(decode('zigbee2mqtt/x/availability', { state: 1 })).toContain('state: expected');
    expect(decode('zigbee2mqtt/x/availability', 'maybe')).toContain('state: expected');
  });

  test.each([
    ['zigbee2mqtt/bridge/state', { state: 'online' }],
    ['zigbee2mqtt/bridge/devices', []],
    ['zigbee2mqtt/x/set', { state: 'ON' }],
    ['zigbee2mqtt/x/set/state', 'ON'],
    ['zigbee2mqtt/x/get', { state: '' }],
    ['zigbee2mqtt/x', ''],
  ])('%s is nothing', (topic, payload) => {
    expect(decode(topic, payload)).toEqual([]);
  });

  test('one value a topic is one reading', () => {
    expect(decode('zigbee2mqtt/hall/x/temperature', '21.5')).toMatchObject([
      { deviceId: 'hall-x', readings: [{ name: 'temperature', value: 21.5, unit: 'CEL' }] },
    ]);
    expect(decode('zigbee2mqtt/x', 'word')).toBe('payload: expected an object');
  });
});
