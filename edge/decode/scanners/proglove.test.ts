import { describe, expect, test } from 'vitest';

import { proglove } from './proglove.ts';
import { decodeWith, eventsWith, RECEIVED_MS, testSamples } from '../testing/decode-format.ts';

const EVENT_ID = '02114da8-feae-46e3-8b00-a3f7ea8672df';
const event = (type: string | undefined, fields: object): object => ({
  api_version: '1.0',
  event_type: type,
  event_id: EVENT_ID,
  time_created: RECEIVED_MS - 1750,
  device_serial: 'M2MR111100928',
  gateway_serial: 'PGGW000000042',
  ...fields,
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('samples of ProGlove', () => {
  testSamples('proglove', proglove);
});

describe('a scan', () => {
  test('is what its bytes say, where some firmware loses control characters of its text', () => {
    const payload = event('scan', {
      device_model: 'M2_MR',
      scan_code: '010950110153000310AB21X',
      scan_bytes: base64(']C1010950110153000310AB\u001d21X'),
    });
    expect(eventsWith(proglove, payload)).toEqual([
      {
        kind: 'scan',
        deviceId: 'm2mr111100928',
        eventTimeMs: RECEIVED_MS - 1750,
        timeQuality: 'device',
        receiveTimeMs: RECEIVED_MS,
        data: ']C1010950110153000310AB\u001d21X',
        parcelId: '(01)09501101530003(21)X',
        attributes: {
          device: 'M2MR111100928',
          eventId: EVENT_ID,
          gatewayId: 'PGGW000000042',
          scan_code: '010950110153000310AB21X',
          device_model: 'M2_MR',
        },
      },
    ]);
  });

  test('has its text where there are no bytes, or none that are base64', () => {
    expect(eventsWith(proglove, event('scan', { scan_code: 'A1' }))).toMatchObject([
      { data: 'A1' },
    ]);
    expect(eventsWith(proglove, event('scan', { scan_code: 'A1', scan_bytes: '?' }))).toMatchObject(
      [{ data: 'A1', attributes: { scan_bytes: '?' } }],
    );
    expect(eventsWith(proglove, event('scan', { scan_bytes: base64('A1') }))).toMatchObject([
      { data: 'A1' },
    ]);
  });

  test('whose bytes are no UTF-8 is read as ISO 8859-1', () => {
    const scan_bytes = Buffer.from([0x47, 0xf6]).toString('base64');
    expect(eventsWith(proglove, event('scan', { scan_bytes }))).toMatchObject([{ data: 'Gö' }]);
  });

  test('may have no event type, and a time as text', () => {
    const payload = event(undefined, { scan_code: 'A1', time_created: '1795420798250' });
    expect(eventsWith(proglove, payload)).toMatchObject([
      { kind: 'scan', eventTimeMs: 1_795_420_798_250 },
    ]);
  });
});

describe('other events', () => {
  test.each([
    [{ trigger_gesture: 'TRIGGER_DOUBLE_CLICK' }, 'TRIGGER_DOUBLE_CLICK'],
    [{}, true],
  ])('a button is a reading: %j', (fields, value) => {
    expect(eventsWith(proglove, event('button_pressed', fields))).toMatchObject([
      { kind: 'reading', readings: [{ name: 'button', value }], attributes: { type: 'button' } },
    ]);
  });

  test.each([
    ['STATE_CONNECTED', true],
    ['STATE_DISCONNECTED', false],
    ['STATE_OF_TOMORROW', undefined],
  ])('a scanner is online or not: %s', (device_connected_state, online) => {
    const [status] = eventsWith(proglove, event('scanner_state', { device_connected_state }));
    expect(status).toMatchObject({ kind: 'status', attributes: { statusType: 'scanner_state' } });
    expect(status?.kind === 'status' ? status.online : 'none').toBe(online);
    expect(status?.attributes?.['device_connected_state']).toBe(
      online === undefined ? device_connected_state : undefined,
    );
  });

  test('a gateway speaks for itself', () => {
    const payload = event('gateway_state', {
      device_serial: undefined,
      gateway_app_version: '1.2.3',
      device_connected_list: [{ device_serial: 'M2MR111100928' }],
    });
    expect(eventsWith(proglove, payload)).toMatchObject([
      {
        kind: 'status',
        deviceId: 'pggw000000042',
        attributes: {
          statusType: 'gateway_state',
          gateway_app_version: '1.2.3',
          device_connected_list: '[{"device_serial":"M2MR111100928"}]',
        },
      },
    ]);
  });

  test.each(['errors', 'display!', 'of-tomorrow'])(
    '%s is a status with all that it says',
    (type) => {
      const payload = event(type, {
        error_code: 'ERROR_TIMEOUT',
        api_version: '2.0',
        device_serial: 7,
      });
      expect(eventsWith(proglove, payload)).toMatchObject([
        {
          kind: 'status',
          deviceId: '7',
          attributes: { statusType: type, error_code: 'ERROR_TIMEOUT', api_version: '2.0' },
        },
      ]);
    },
  );

  test('without a serial number are of the device that the topic names', () => {
    const payload = event('errors', { device_serial: '', gateway_serial: null });
    expect(eventsWith(proglove, payload)).toMatchObject([{ deviceId: 'dock-1' }]);
  });
});

describe('G2 no-loss: what is not understood', () => {
  test.each([
    ['no event type', event(undefined, {}), 'event_type: expected text'],
    ['a scan without a code', event('scan', {}), 'scan_code: expected text'],
    [
      'a time that is none',
      event('scan', { scan_code: 'A', time_created: 'now' }),
      'time_created: expected a time',
    ],
    [
      'bytes with a NUL',
      event('scan', { scan_bytes: base64('A\0') }),
      'data: expected storable text of at most 4096 characters',
    ],
  ])('of %s the reason is told', (_, payload, reason) => {
    expect(decodeWith(proglove, payload)).toBe(reason);
  });

  test('an array keeps its other events', () => {
    expect(
      eventsWith(proglove, [event('scan', {}), event('scan', { scan_code: 'A' })]),
    ).toMatchObject([{ kind: 'raw' }, { data: 'A' }]);
  });
});
