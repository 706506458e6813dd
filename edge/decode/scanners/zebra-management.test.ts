import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { decodeWith, eventsWith } from '../testing/decode-format.ts';
import { zebra } from './zebra.ts';

const event = (type: string, data: unknown, more: object = {}): object => ({
  component: 'RG',
  eventNum: 9,
  timestamp: '2026-11-23T07:59:58.250+0000',
  type,
  data,
  ...more,
});

describe('ports', () => {
  test.each([
    ['gpi', 'HIGH', 'input', true],
    ['gpo', 'LOW', 'output', false],
  ])('%s that is %s is a reading', (type, state, direction, value) => {
    expect(eventsWith(zebra, event(type, { pin: 2, state }))).toMatchObject([
      {
        kind: 'reading',
        readings: [{ name: `${type}.2`, value }],
        attributes: { type: 'gpio', direction, pin: '2', state, sequence: '9' },
      },
    ]);
  });

  test('a level of its own kind is kept as text', () => {
    expect(eventsWith(zebra, event('gpi', { pin: '1', state: 'FLOATING' }))).toMatchObject([
      { readings: [{ name: 'gpi.1', value: 'FLOATING' }] },
    ]);
  });

  test.each([
    ['no pin', { state: 'HIGH' }, 'data.pin: expected a whole number from 0 to 255'],
    ['no level', { pin: 1 }, 'data.state: expected HIGH or LOW'],
  ])('of %s the reason is told', (_, data, reason) => {
    expect(decodeWith(zebra, event('gpi', data))).toBe(reason);
  });
});

describe('heartbeats', () => {
  test('numbers are readings, texts attributes, maps attributes as JSON', () => {
    const data = {
      radio_control: {
        antennas: { 1: 'connected', 2: 'disconnected', 10: 'connected' },
        numTagReads: 3062,
        numErrors: 7,
        radioActivity: 'active',
        uptime: '05:19:28',
        status: '',
      },
      reader_gateway: { dataPathStatistics: [{ numDataMessagesDropped: 4 }], cpu: 0.4 },
      system: {
        GPI: { 1: 'HIGH' },
        cpu: { system: 7, user: 2 },
        flash: null,
        ntp: { offset: -1, reach: 377 },
        systemtime: '23/11/2026 08:00',
        temperature: { ambient: '23', pa: 21 },
      },
      userapps: [],
    };
    const [status, reading] = eventsWith(zebra, event('heartbeat', data));
    expect(status).toMatchObject({
      kind: 'status',
      attributes: {
        sequence: '9',
        statusType: 'heartbeat',
        antennasConnected: '[1,10]',
        'radio_control.antennas': '{"1":"connected","2":"disconnected","10":"connected"}',
        tagReadsTotal: '3062',
        radioActivity: 'active',
        'radio_control.uptime': '05:19:28',
        'reader_gateway.dataPathStatistics': '[{"numDataMessagesDropped":4}]',
        'system.GPI': '{"1":"HIGH"}',
        ntpOffset: '-1',
        'system.systemtime': '23/11/2026 08:00',
        userapps: '[]',
      },
    });
    expect(reading).toMatchObject({
      kind: 'reading',
      readings: [
        { name: 'radio_control.numErrors', value: 7 },
        { name: 'reader_gateway.cpu', value: 0.4 },
        { name: 'system.cpu.system', value: 7 },
        { name: 'system.cpu.user', value: 2 },
        { name: 'system.ntp.reach', value: 377 },
        { name: 'temperature.ambient', value: 23, unit: 'CEL' },
        { name: 'temperature.pa', value: 21, unit: 'CEL' },
      ],
    });
  });

  test('of a real reader have room', () => {
    const payload = readFileSync(`${import.meta.dirname}/../testing/samples/zebra/04.json`);
    expect(eventsWith(zebra, payload)).toHaveLength(2);
  });

  test('may have one temperature, and sections that are missing', () => {
    const data = { system: { temperature: 41 }, radio_control: null };
    expect(eventsWith(zebra, event('heartbeat', data))).toMatchObject([
      { kind: 'status' },
      { readings: [{ name: 'temperature', value: 41, unit: 'CEL' }] },
    ]);
    expect(eventsWith(zebra, event('heartbeat', {}))).toHaveLength(1);
  });
});

describe('all other events are a status with all that they say', () => {
  test.each([
    [
      'error',
      { code: 4, description: 'antenna', detail: { port: 2 } },
      { code: '4', 'detail.port': '2' },
    ],
    ['warning', { type: 'temperature', value: 61.5 }, { type: 'temperature', value: '61.5' }],
    ['firmwareUpdateProgress', { overallUpdateProgress: 40 }, { overallUpdateProgress: '40' }],
    ['userapp', 'free text of an app', { data: 'free text of an app' }],
    ['userapp', [1, 2], { data: '[1,2]' }],
    ['heartbeat', null, {}],
    ['of-tomorrow', { a: 1 }, { a: '1' }],
  ])('%s', (type, data, attributes) => {
    expect(eventsWith(zebra, event(type, data))).toMatchObject([
      { kind: 'status', attributes: { statusType: type, sequence: '9', ...attributes } },
    ]);
  });

  test('the component is told where it is another', () => {
    expect(eventsWith(zebra, event('error', {}, { component: 'RC' }))).toMatchObject([
      { attributes: { component: 'RC' } },
    ]);
    expect(eventsWith(zebra, event('error', {}))[0]?.attributes).not.toHaveProperty('component');
  });

  test('a response to a command', () => {
    const payload = {
      command: 'get_status',
      command_id: '7',
      response: 'success',
      payload: { a: 1 },
    };
    expect(eventsWith(zebra, payload)).toMatchObject([
      {
        kind: 'status',
        attributes: { statusType: 'response', command: 'get_status', 'payload.a': '1' },
      },
    ]);
  });
});
