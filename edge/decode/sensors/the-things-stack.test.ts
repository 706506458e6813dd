/** What The Things Stack v3 publishes, and what becomes of it. */
import { describe, expect, test } from 'vitest';

import { theThingsStack } from './the-things-stack.ts';
import { expectSamples, inputOf } from '../testing/sensor-messages.ts';

const TOPIC = 'v3/app1@ttn/devices/dev1/';
const IDS = { device_id: 'dev1', application_ids: { application_id: 'app1' } };

const decode = (type: string, payload: unknown) => theThingsStack(inputOf(TOPIC + type, payload));

describe('samples', () => {
  expectSamples('ttn', theThingsStack);
});

describe('uplinks', () => {
  test('a time that was never set counts as none', () => {
    const unset = '0001-01-01T00:00:00Z';
    const uplink_message = { f_port: 2, frm_payload: 'qg==', received_at: unset };
    const message = { end_device_ids: IDS, received_at: '2026-10-31T08:00:00Z', uplink_message };
    expect(decode('up', message)).toMatchObject([{ eventTimeMs: Date.UTC(2026, 9, 31, 8) }]);
  });

  test('through the packet broker the gateway that forwarded is named', () => {
    const reception = (id: string, rssi: number) => ({
      gateway_ids: { gateway_id: 'packetbroker' },
      packet_broker: { forwarder_gateway_id: id },
      rssi,
    });
    const rx_metadata = [reception('one', -90), reception('two', -70)];
    const uplink_message = { frm_payload: 'qg==', rx_metadata };
    expect(decode('up', { end_device_ids: IDS, uplink_message })).toMatchObject([
      { attributes: { 'bestGateway.gatewayId': 'two', gatewayCount: '2' } },
    ]);
  });

  test('where the codec gives no reading, the normalized payload does', () => {
    const normalized_payload = [{ air: { temperature: 21.5, relativeHumidity: 40 }, battery: 3.1 }];
    const uplink_message = { frm_payload: 'qg==', normalized_payload };
    expect(decode('up', { end_device_ids: IDS, uplink_message })).toMatchObject([
      {
        readings: [
          { name: 'air.temperature', value: 21.5, unit: 'CEL' },
          { name: 'air.relativeHumidity', value: 40, unit: 'P1' },
          { name: 'batteryVoltage', value: 3.1, unit: 'VLT' },
        ],
      },
    ]);
  });

  test('a simulated uplink says so', () => {
    const message = { end_device_ids: IDS, uplink_message: { f_port: 1 }, simulated: true };
    expect(decode('up', message)).toMatchObject([{ attributes: { simulated: 'true' } }]);
  });
});

describe('other messages', () => {
  test('a join says that the device is online', () => {
    const message = { end_device_ids: IDS, join_accept: { received_at: '2026-10-31T08:00:00Z' } };
    expect(decode('join', message)).toMatchObject([
      { kind: 'status', online: true, attributes: { type: 'join' } },
    ]);
  });

  test('a solved location is a position', () => {
    const location = { latitude: 52.1, longitude: 13.2, accuracy: 30, source: 'SOURCE_LORA_RSSI' };
    const message = { end_device_ids: IDS, location_solved: { service: 's', location } };
    expect(decode('location/solved', message)).toMatchObject([
      {
        kind: 'position',
        lat: 52.1,
        lon: 13.2,
        accuracyM: 30,
        attributes: { service: 's', 'location.source': 'SOURCE_LORA_RSSI' },
      },
    ]);
  });

  test('service data is kept as it is', () => {
    const message = { end_device_ids: IDS, service_data: { service: 's', data: { a: [1] } } };
    expect(decode('service/data', message)).toMatchObject([
      { kind: 'status', attributes: { type: 'service', service: 's', data: '{"a":[1]}' } },
    ]);
  });

  test('what became of a downlink is a status of its type', () => {
    const downlink_ack = { f_port: 15, f_cnt: 1, frm_payload: 'vu8=', confirmed: true };
    expect(decode('down/ack', { end_device_ids: IDS, downlink_ack })).toMatchObject([
      { kind: 'status', attributes: { type: 'downlink-ack', fCnt: '1', payloadHex: 'BEEF' } },
    ]);
    const failed = { downlink: { f_port: 15, frm_payload: 'vu8=' }, error: { code: 3 } };
    expect(decode('down/failed', { end_device_ids: IDS, downlink_failed: failed })).toMatchObject([
      { attributes: { type: 'downlink-failed', fPort: '15', 'error.code': '3' } },
    ]);
  });

  test('a command to a device carries nothing', () => {
    expect(decode('down/push', { downlinks: [{ f_port: 15 }] })).toEqual([]);
  });

  test('anything else is not understood', () => {
    expect(decode('up', { end_device_ids: IDS })).toContain('payload: expected an uplink');
  });
});
