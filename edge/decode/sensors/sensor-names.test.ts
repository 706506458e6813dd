/** Which fields of a decoded payload are readings, and in what unit. */
import { describe, expect, test } from 'vitest';

import { readingsOf } from './sensor-names.ts';

describe('a field whose name tells its unit is a reading', () => {
  test.each([
    ['TempC_SHT', 26.6, 'CEL'],
    ['TempC_DS', 13.18, 'CEL'],
    ['Hum_SHT', 52.7, 'P1'],
    ['BatV', 3.103, 'VLT'],
    ['temperature_1', 21, 'CEL'],
    ['relative_humidity_2', 40, 'P1'],
    ['barometric_pressure_4', 1013.2, 'A97'],
    ['pressure', 101_320, 'PAL'],
    ['temperatureF', 70, 'FAH'],
    ['battery', 88, 'P1'],
    ['battery', 3600, '2Z'],
    ['batteryVoltage', 3600, '2Z'],
    ['co2', 412, '59'],
    ['pm2_5', 4, 'GQ'],
    ['illuminance', 300, 'LUX'],
    ['humidity', '45.5', 'P1'],
  ])('%s of %s', (name, value, unit) => {
    expect(readingsOf({ [name]: value })).toEqual([{ name, value: Number(value), unit }]);
  });

  test('and one within another is named by its path', () => {
    expect(readingsOf({ air: { temperature: 4 }, door: { open: true } })).toEqual([
      { name: 'air.temperature', value: 4, unit: 'CEL' },
      { name: 'door.open', value: true },
    ]);
  });

  test('and so is one that says its unit', () => {
    const level = { displayName: 'Level', value: 1.25, unit: 'm' };
    expect(readingsOf({ level })).toEqual([{ name: 'level', value: 1.25, unit: 'MTR' }]);
  });
});

describe('what is not sure is none', () => {
  test.each([
    ['a probe that is not there', { TempC_DS: 327.67 }],
    ['nor one in tenths', { temperature: -3276.8 }],
    ['more than all', { humidity: 130 }],
    ['colder than cold', { temperature: -300 }],
    ['volts or percent', { battery: 3 }],
    ['a pressure of no air', { pressure: 5000 }],
    ['a setting', { temperature_threshold: 30 }],
    ['a state', { Bat_status: 3 }],
    ['a word', { Ext_sensor: 'Temperature Sensor', temperature: 'warm' }],
    ['no number', { temperature: null, humidity: [1] }],
    ['a unit that nobody knows', { level: { value: 1, unit: 'furlong' } }],
  ])('%s', (_what, decoded) => {
    expect(readingsOf(decoded)).toEqual([]);
  });
});
