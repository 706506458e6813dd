/** What Shelly devices publish, and what becomes of it. */
import { describe, expect, test } from 'vitest';

import { shelly } from './shelly.ts';
import { inputOf } from '../testing/sensor-messages.ts';

const decode = (topic: string, payload: unknown) => shelly(inputOf(topic, payload));
const TS = 1_792_000_000.25;
const TIME_MS = 1_792_000_000_250;

const notify = (method: string, params: object) => ({
  src: 'shellyplusht-c049ef8cf4e0',
  dst: 'shellyplusht-c049ef8cf4e0/events',
  method,
  params: { ts: TS, ...params },
});

describe('Gen2 and later', () => {
  test('a full status has the measurements of all components', () => {
    const params = {
      'temperature:0': { id: 0, tC: 22.1, tF: 71.8 },
      'humidity:0': { id: 0, rh: 45.5 },
      'devicepower:0': { id: 0, battery: { V: 5.3, percent: 80 }, external: { present: false } },
      'switch:0': {
        id: 0,
        source: 'init',
        output: true,
        apower: 12.5,
        voltage: 231,
        aenergy: { total: 100, by_minute: [1, 2], minute_ts: 5 },
        temperature: { tC: 40, tF: 104 },
      },
      sys: { mac: 'C049EF8CF4E0', uptime: 4 },
    };
    const events = decode('x/events/rpc', notify('NotifyFullStatus', params));
    expect(events).toMatchObject([
      {
        kind: 'reading',
        deviceId: 'shellyplusht-c049ef8cf4e0',
        eventTimeMs: TIME_MS,
        timeQuality: 'device',
        attributes: { sys: '{"mac":"C049EF8CF4E0","uptime":4}' },
      },
    ]);
    const [event] = events;
    expect(typeof event === 'object' && event.kind === 'reading' ? event.readings : []).toEqual([
      { name: 'temperature:0.tC', value: 22.1, unit: 'CEL' },
      { name: 'humidity:0.rh', value: 45.5, unit: 'P1' },
      { name: 'batteryVoltage', value: 5.3, unit: 'VLT' },
      { name: 'battery', value: 80, unit: 'P1' },
      { name: 'devicepower:0.external.present', value: false },
      { name: 'switch:0.source', value: 'init' },
      { name: 'switch:0.output', value: true },
      { name: 'switch:0.apower', value: 12.5, unit: 'WTT' },
      { name: 'switch:0.voltage', value: 231, unit: 'VLT' },
      { name: 'switch:0.aenergy.total', value: 100, unit: 'WHR' },
      { name: 'switch:0.temperature.tC', value: 40, unit: 'CEL' },
    ]);
  });

  test('of three phases each has its unit', () => {
    const params = {
      'em:0': { id: 0, a_voltage: 230, b_act_power: 5, total_current: 1, errors: ['x'] },
    };
    expect(decode('x/events/rpc', notify('NotifyStatus', params))).toMatchObject([
      {
        readings: [
          { name: 'em:0.a_voltage', value: 230, unit: 'VLT' },
          { name: 'em:0.b_act_power', value: 5, unit: 'WTT' },
          { name: 'em:0.total_current', value: 1, unit: 'AMP' },
        ],
        attributes: { 'em:0.errors': '["x"]' },
      },
    ]);
  });

  test('a change that measures nothing is a status', () => {
    const events = decode('x/events/rpc', notify('NotifyStatus', { sys: { cfg_rev: 35 } }));
    expect(events).toMatchObject([{ kind: 'status', attributes: { sys: '{"cfg_rev":35}' } }]);
  });

  test('events have a time each', () => {
    const events = [
      { component: 'input:0', id: 0, event: 'single_push', ts: TS },
      { component: 'sys', event: 'ota_progress', ts: TS + 1, progress_percent: 10 },
    ];
    expect(decode('x/events/rpc', notify('NotifyEvent', { events }))).toMatchObject([
      { eventTimeMs: TIME_MS, readings: [{ name: 'input:0.event', value: 'single_push' }] },
      { eventTimeMs: TIME_MS + 1000, attributes: { progress_percent: '10' } },
    ]);
  });

  test('a clock that was not set is told from one that was', () => {
    const params = { ts: 5.01, 'input:0': { id: 0, state: true } };
    expect(decode('x/events/rpc', notify('NotifyStatus', params))).toMatchObject([
      { timeQuality: 'implausible', eventTimeMs: 5010 },
    ]);
    expect(decode('x/events/rpc', notify('NotifyStatus', { ...params, ts: null }))).toMatchObject([
      { timeQuality: 'receive' },
    ]);
  });

  test('one component has its own topic, under a prefix that may have slashes', () => {
    expect(decode('hall/plug/status/switch:0', { id: 0, apower: 3 })).toMatchObject([
      { deviceId: 'hall-plug', readings: [{ name: 'switch:0.apower', value: 3, unit: 'WTT' }] },
    ]);
  });

  test('online says whether the device is there', () => {
    expect(decode('shellyplus1-aa/online', 'true')).toMatchObject([
      { deviceId: 'shellyplus1-aa', online: true },
    ]);
    expect(decode('shellyplus1-aa/online', 'false')).toMatchObject([{ online: false }]);
    expect(decode('shellyplus1-aa/online', 'perhaps')).toBe('payload: expected true or false');
  });

  test.each([
    ['x/rpc', { id: 1, src: 'me', method: 'Switch.Set' }],
    ['me/answers', { id: 1, src: 'x', dst: 'me', result: {} }],
    ['x/command/switch:0/command', 'on'],
  ])('%s is said to others', (topic, payload) => {
    expect(decode(topic, payload)).toEqual([]);
  });

  test.each([
    [{ src: 'x', method: 'NotifyParty' }, 'method: expected'],
    [notify('NotifyEvent', {}), 'events: expected'],
    [notify('NotifyEvent', { events: [{ component: 'a' }] }), 'event: expected'],
    [notify('NotifyStatus', { ts: 'noon' }), 'ts: expected'],
  ])('%j is not understood', (payload, reason) => {
    expect(decode('x/events/rpc', payload)).toContain(reason);
  });
});

describe('Gen1', () => {
  test.each([
    ['sensor/humidity', '51.5', { name: 'sensor.humidity', value: 51.5, unit: 'P1' }],
    ['sensor/battery', '80', { name: 'battery', value: 80, unit: 'P1' }],
    ['sensor/state', 'open', { name: 'sensor.state', value: 'open' }],
    ['sensor/flood', 'false', { name: 'sensor.flood', value: false }],
    ['temperature', '40.1', { name: 'temperature', value: 40.1, unit: 'CEL' }],
    ['relay/0', 'on', { name: 'relay.0', value: 'on' }],
    ['relay/0/power', '12.3', { name: 'relay.0.power', value: 12.3, unit: 'WTT' }],
    ['emeter/1/voltage', '230.1', { name: 'emeter.1.voltage', value: 230.1, unit: 'VLT' }],
  ])('%s of %s', (path, text, reading) => {
    const [event] = decode(`shellies/shellyht-3CBD1F/${path}`, text);
    expect(event).toMatchObject({ deviceId: 'shellyht-3cbd1f', timeQuality: 'receive' });
    expect(typeof event === 'object' && event.kind === 'reading' ? event.readings : []).toEqual([
      reading,
    ]);
  });

  test('a temperature of a sensor is in the unit that the device is set to: none is made up', () => {
    const [event] = decode('shellies/s/sensor/temperature', '70.2');
    expect(event).toMatchObject({ readings: [{ name: 'sensor.temperature', value: 70.2 }] });
    expect(JSON.stringify(event)).not.toContain('unit');
  });

  test('an announcement names its device', () => {
    expect(decode('shellies/announce', { id: 'shelly1-AA', ip: '10.0.0.2' })).toMatchObject([
      { kind: 'status', deviceId: 'shelly1-aa', attributes: { type: 'announce' } },
    ]);
  });

  test('a button says what it was pressed for', () => {
    expect(decode('shellies/b/input_event/0', { event: 'S', event_cnt: 2 })).toMatchObject([
      {
        readings: [
          { name: 'input_event.0.event', value: 'S' },
          { name: 'input_event.0.event_cnt', value: 2 },
        ],
      },
    ]);
  });

  test('an announcement of nobody, and text that is not known, are not understood', () => {
    expect(decode('shellies/announce', { ip: '10.0.0.2' })).toContain('id: expected');
    expect(decode('shellies/s', 'on')).toContain('topic: expected a level');
    expect(decode('shellyplus1-aa/debug/log', 'boot')).toContain('topic: expected online');
  });

  test('a command is nothing, and so is an empty message', () => {
    expect(decode('shellies/s/relay/0/command', 'on')).toEqual([]);
    expect(decode('shellies/s/relay/0', '')).toEqual([]);
    expect(decode('shellyplus1-aa/online', '')).toEqual([]);
  });
});
