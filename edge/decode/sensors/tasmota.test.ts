/** What Tasmota publishes, and what becomes of it. */
import { describe, expect, test } from 'vitest';

import { tasmota } from './tasmota.ts';
import { expectSamples, inputOf } from '../testing/sensor-messages.ts';

const decode = (topic: string, payload: unknown) => tasmota(inputOf(topic, payload));
const TIME = '2026-10-31T09:00:00';
const TIME_MS = Date.UTC(2026, 9, 31, 8);

describe('samples', () => {
  expectSamples('misc', tasmota, (name) => name === 'misc/02.json');
});

describe('sensors', () => {
  test('a meter of two channels, a probe with its id and a switch', () => {
    const payload = {
      Time: TIME,
      Switch1: 'ON',
      ENERGY: {
        TotalStartTime: '2023-04-11T07:31:34',
        Total: [0.5, 2.91],
        Power: [0, 12],
        ApparentPower: 13,
        Factor: 0.9,
        Voltage: 231,
        Current: 0.05,
      },
      DS18B20: { Id: '01131B123456', Temperature: 20.6 },
      BME280: { Temperature: 21, Pressure: 1012.3, Humidity: null },
      PMS5003: { 'PM2.5': 4 },
      PressureUnit: 'hPa',
      TempUnit: 'C',
    };
    const events = decode('tele/meter/SENSOR', payload);
    expect(events).toEqual([
      {
        kind: 'reading',
        deviceId: 'meter',
        eventTimeMs: TIME_MS,
        timeQuality: 'device',
        utcOffsetMin: 60,
        receiveTimeMs: Date.UTC(2026, 10, 1),
        readings: [
          { name: 'Switch1', value: 'ON' },
          { name: 'ENERGY.Total.1', value: 0.5, unit: 'KWH' },
          { name: 'ENERGY.Total.2', value: 2.91, unit: 'KWH' },
          { name: 'ENERGY.Power.1', value: 0, unit: 'WTT' },
          { name: 'ENERGY.Power.2', value: 12, unit: 'WTT' },
          { name: 'ENERGY.ApparentPower', value: 13, unit: 'D46' },
          { name: 'ENERGY.Factor', value: 0.9 },
          { name: 'ENERGY.Voltage', value: 231, unit: 'VLT' },
          { name: 'ENERGY.Current', value: 0.05, unit: 'AMP' },
          { name: 'DS18B20.Temperature', value: 20.6, unit: 'CEL' },
          { name: 'BME280.Temperature', value: 21, unit: 'CEL' },
          { name: 'BME280.Pressure', value: 1012.3, unit: 'A97' },
          { name: 'PMS5003.PM2.5', value: 4, unit: 'GQ' },
        ],
        attributes: {
          'ENERGY.TotalStartTime': '2023-04-11T07:31:34',
          'DS18B20.Id': '01131B123456',
        },
      },
    ]);
  });

  test('the unit of a temperature is what the message says, and none where it says none', () => {
    const AM2301 = { Temperature: 41 };
    expect(decode('tele/t/SENSOR', { Time: TIME, AM2301, TempUnit: 'F' })).toMatchObject([
      { readings: [{ name: 'AM2301.Temperature', value: 41, unit: 'FAH' }] },
    ]);
    const [event] = decode('tele/t/SENSOR', { Time: TIME, AM2301 });
    expect(event).toMatchObject({ readings: [{ name: 'AM2301.Temperature', value: 41 }] });
    expect(JSON.stringify(event)).not.toContain('unit');
  });

  test('asked for, they come within StatusSNS', () => {
    const payload = { StatusSNS: { Time: TIME, A: { Temperature: 1 }, TempUnit: 'C' } };
    expect(decode('stat/t/STATUS10', payload)).toMatchObject([
      { kind: 'reading', eventTimeMs: TIME_MS },
    ]);
  });

  test('without an answer of any sensor the message says that the device is there', () => {
    const payload = { Time: TIME, AM2301: { Temperature: null, Humidity: null } };
    expect(decode('tele/t/SENSOR', payload)).toMatchObject([{ kind: 'status' }]);
  });
});

describe('times', () => {
  const sensor = (fields: object) => decode('tele/t/SENSOR', { ...fields, S: { Humidity: 1 } });

  test.each([
    ['with an offset', { Time: '2026-10-31T09:00:00+01:00' }, TIME_MS],
    ['with milliseconds', { Time: '2026-10-31T09:00:00.250' }, TIME_MS + 250],
    ['as a number', { Time: TIME_MS / 1000 }, TIME_MS],
    ['beside the number', { Time: '2026-10-31T07:00:00', Epoch: TIME_MS / 1000 }, TIME_MS],
  ])('%s', (_how, fields, eventTimeMs) => {
    expect(sensor(fields)).toMatchObject([{ eventTimeMs, timeQuality: 'device' }]);
  });

  test('one that the clocks show twice is kept as it was written', () => {
    expect(sensor({ Time: '2026-10-25T02:30:00' })).toMatchObject([
      { attributes: { eventTimeRaw: '2026-10-25T02:30:00' } },
    ]);
  });

  test('a clock that was not set is told from one that was', () => {
    expect(sensor({ Time: '1970-01-01T00:00:05' })).toMatchObject([{ timeQuality: 'implausible' }]);
  });

  test('none is the receive time, and nonsense is not understood', () => {
    expect(sensor({})).toMatchObject([{ timeQuality: 'receive' }]);
    expect(sensor({ Time: 'noon' })).toBe('Time: expected a time');
  });
});

describe('other topics', () => {
  test('STATE is a status, with the switches and the supply as readings', () => {
    const payload = {
      Time: TIME,
      Uptime: '0T01:23:45',
      Vcc: 3.4,
      POWER1: 'ON',
      Wifi: { RSSI: 80, Signal: -60 },
    };
    expect(decode('tele/t/STATE', payload)).toMatchObject([
      {
        kind: 'status',
        eventTimeMs: TIME_MS,
        attributes: { Uptime: '0T01:23:45', 'Wifi.Signal': '-60' },
      },
      {
        kind: 'reading',
        readings: [
          { name: 'Vcc', value: 3.4, unit: 'VLT' },
          { name: 'POWER1', value: 'ON' },
        ],
      },
    ]);
  });

  test('LWT says whether the device is there', () => {
    expect(decode('tele/t/LWT', 'Online')).toMatchObject([{ kind: 'status', online: true }]);
    expect(decode('tele/t/LWT', 'Offline')).toMatchObject([{ kind: 'status', online: false }]);
    expect(decode('tele/t/LWT', '')).toEqual([]);
    expect(decode('tele/t/LWT', 'on fire')).toBe('payload: expected Online or Offline');
  });

  test('a word is a reading, and so is a switch in an answer; any other answer is a status of its type', () => {
    expect(decode('stat/t/POWER', 'ON')).toMatchObject([
      { readings: [{ name: 'POWER', value: 'ON' }] },
    ]);
    expect(decode('stat/t/RESULT', { POWER: 'ON' })).toMatchObject([
      { readings: [{ name: 'POWER', value: 'ON' }], attributes: { type: 'result' } },
    ]);
    expect(decode('stat/t/RESULT', { TelePeriod: 300 })).toMatchObject([
      { kind: 'status', attributes: { type: 'result', TelePeriod: '300' } },
    ]);
  });

  test('the topic of the device may come first, and have slashes', () => {
    expect(decode('hall/t1/tele/LWT', 'Online')).toMatchObject([
      { deviceId: 'hall-t1', attributes: { device: 'hall/t1' } },
    ]);
    expect(decode('tele/hall/t1/LWT', 'Online')).toMatchObject([{ deviceId: 'hall-t1' }]);
  });

  test('commands and discovery are nothing', () => {
    expect(decode('cmnd/t/POWER', 'ON')).toEqual([]);
    expect(decode('tasmota/discovery/AABBCC/config', { ip: '10.0.0.1' })).toEqual([]);
  });

  test('a status that was retained says so', () => {
    const decoded = tasmota(inputOf('tele/t/LWT', 'Online', { retained: true }));
    expect(decoded).toMatchObject([{ attributes: { retained: 'true' } }]);
  });
});
