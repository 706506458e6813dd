/** What a Ruuvi Gateway relays, and what becomes of it. The vectors are those of docs.ruuvi.com. */
import { describe, expect, test } from 'vitest';

import { parseRuuviAdvert } from './ruuvi-advert.ts';
import { ruuvi } from './ruuvi.ts';
import { expectSamples, inputOf } from '../testing/sensor-messages.ts';

const TOPIC = 'ruuvi/C8:25:2D:8E:9C:2C/CB:B8:33:4C:88:4F';
const GATEWAY = { gw_mac: 'C8:25:2D:8E:9C:2C', rssi: -60, aoa: [], coords: '' };

/** An advertisement with flags and the data of a company, as hex. */
const advertOf = (data: string, company = '9904'): string => {
  const part = `ff${company}${data}`;
  return `020106${(part.length / 2).toString(16).padStart(2, '0')}${part}`.toUpperCase();
};
const parse = (data: string) => parseRuuviAdvert(Buffer.from(advertOf(data), 'hex'));
const valuesOf = (data: string) =>
  Object.fromEntries(parse(data)?.readings.map(({ name, value }) => [name, value]) ?? []);

describe('samples', () => {
  expectSamples('ruuvi', ruuvi);
});

describe('data formats', () => {
  test('5: valid data', () => {
    expect(parse('0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F')).toEqual({
      dataFormat: '5',
      readings: [
        { name: 'temperature', value: 24.3, unit: 'CEL' },
        { name: 'humidity', value: 53.49, unit: 'P1' },
        { name: 'pressure', value: 100_044, unit: 'PAL' },
        { name: 'accelerationX', value: 0.004, unit: 'g' },
        { name: 'accelerationY', value: -0.004, unit: 'g' },
        { name: 'accelerationZ', value: 1.036, unit: 'g' },
        { name: 'batteryVoltage', value: 2.977, unit: 'VLT' },
      ],
      movementCounter: 66,
      measurementSequence: 205,
      txPowerDbm: 4,
      mac: 'CB:B8:33:4C:88:4F',
    });
  });

  test('5: the largest and the smallest values', () => {
    expect(valuesOf('057FFFFFFEFFFE7FFF7FFF7FFFFFDEFEFFFECBB8334C884F')).toMatchObject({
      temperature: 163.835,
      humidity: 163.835,
      pressure: 115_534,
      accelerationX: 32.767,
      batteryVoltage: 3.646,
    });
    expect(valuesOf('058001000000008001800180010000000000CBB8334C884F')).toMatchObject({
      temperature: -163.835,
      humidity: 0,
      pressure: 50_000,
      accelerationX: -32.767,
      batteryVoltage: 1.6,
    });
  });

  test('5: what is not there is not a reading', () => {
    expect(parse('058000FFFFFFFF800080008000FFFFFFFFFFFFFFFFFFFFFF')).toEqual({
      dataFormat: '5',
      readings: [],
    });
  });

  test('C5: as 5 without acceleration', () => {
    expect(parse('C512FC5394C37CAC364200CDCBB8334C884F')).toMatchObject({
      dataFormat: 'C5',
      measurementSequence: 205,
      movementCounter: 66,
      mac: 'CB:B8:33:4C:88:4F',
    });
    expect(valuesOf('C512FC5394C37CAC364200CDCBB8334C884F')).toEqual({
      temperature: 24.3,
      humidity: 53.49,
      pressure: 100_044,
      batteryVoltage: 2.977,
    });
  });

  test('3: a sign, a whole number and hundredths', () => {
    expect(valuesOf('03291A1ECE1EFC18F94202CA0B53')).toEqual({
      humidity: 20.5,
      temperature: 26.3,
      pressure: 102_766,
      accelerationX: -1,
      accelerationY: -1.726,
      accelerationZ: 0.714,
      batteryVoltage: 2.899,
    });
    expect(valuesOf('0329811ECE1EFC18F94202CA0B53')).toMatchObject({ temperature: -1.3 });
  });

  test('6: air', () => {
    expect(valuesOf('06170C5668C79E007000C90501D9FFCD004C884F')).toEqual({
      temperature: 29.5,
      humidity: 55.3,
      pressure: 101_102,
      'pm2.5': 11.2,
      co2: 201,
      voc: 10,
      nox: 2,
      illuminance: 13_026.67,
    });
    expect(parse('06170C5668C79E007000C90501D9FFCD004C884F')).toMatchObject({
      measurementSequence: 205,
      calibrating: false,
      mac: '4C:88:4F',
    });
    expect(valuesOf('068000FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF')).toEqual({});
  });

  test('E1: air, extended', () => {
    const data = 'E1170C5668C79E0065007004BD11CA00C90A0213E0ACFFFFFFDECDEE10FFFFFFFFFFCBB8334C884F';
    expect(valuesOf(data)).toEqual({
      temperature: 29.5,
      humidity: 55.3,
      pressure: 101_102,
      pm1: 10.1,
      'pm2.5': 11.2,
      pm4: 121.3,
      pm10: 455.4,
      co2: 201,
      voc: 20,
      nox: 4,
      illuminance: 13_027,
    });
    expect(parse(data)).toMatchObject({
      measurementSequence: 14_601_710,
      mac: 'CB:B8:33:4C:88:4F',
    });
  });
});

describe('messages', () => {
  const data = advertOf('C512FC5394C37CAC364200CDCBB8334C884F');

  test('a gateway that does not know the time counts; it is the receive time then', () => {
    expect(ruuvi(inputOf(TOPIC, { ...GATEWAY, cnt: '7', data }))).toMatchObject([
      { deviceId: 'cb-b8-33-4c-88-4f', timeQuality: 'receive', attributes: { cnt: '7' } },
    ]);
  });

  test('the time may be a number', () => {
    expect(ruuvi(inputOf(TOPIC, { ...GATEWAY, ts: 1_792_000_000, data }))).toMatchObject([
      { eventTimeMs: 1_792_000_000_000, timeQuality: 'device' },
    ]);
  });

  test.each([
    ['another company', advertOf('0215AABB', '4c00')],
    ['a format that is not known', advertOf('08AABB')],
    ['a format that is cut short', advertOf('0512FC')],
    ['a length that lies', '1BFF990405'],
  ])('%s is kept as the beacon that it is', (_what, advert) => {
    expect(ruuvi(inputOf(TOPIC, { ...GATEWAY, data: advert }))).toMatchObject([
      { kind: 'status', attributes: { type: 'beacon', payloadHex: advert, rssiDbm: '-60' } },
    ]);
  });

  test('a sensor that measures nothing says that it is there', () => {
    const empty = advertOf('058000FFFFFFFF800080008000FFFFFFFFFFFFFFFFFFFFFF');
    expect(ruuvi(inputOf(TOPIC, { ...GATEWAY, data: empty }))).toMatchObject([
      { kind: 'status', attributes: { dataFormat: '5' } },
    ]);
  });

  test('the gateway says whether it is there', () => {
    const topic = 'ruuvi/C8:25:2D:8E:9C:2C/gw_status';
    expect(ruuvi(inputOf(topic, { state: 'offline' }))).toMatchObject([
      { kind: 'status', deviceId: 'c8-25-2d-8e-9c-2c', online: false },
    ]);
    expect(ruuvi(inputOf(topic, { state: 'ill' }))).toContain('state: expected');
  });

  test.each([[undefined], ['0'], ['xx'], [5]])('data of %j is not understood', (said) => {
    expect(ruuvi(inputOf(TOPIC, { ...GATEWAY, data: said }))).toContain('data: expected');
  });
});
