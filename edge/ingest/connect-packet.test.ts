import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isSoundConnect } from './connect-packet.ts';
import { connectPacket } from './testing/raw-device.ts';

const will = { topic: 'w', payload: 'x', qos: 2, retain: true } as const;

test.each([
  ['of MQTT 3.1.1', connectPacket('a')],
  ['without a client id', connectPacket('')],
  ['with a will', connectPacket('a', { will })],
  ['of MQTT 3.1', connectPacket('a', { protocolId: 'MQIsdp', level: 3 })],
  ['of a bridge', connectPacket('a', { level: 0x84 })],
  ['longer than 127 bytes', connectPacket('a'.repeat(500))],
  ['of another level, which others answer', connectPacket('a', { level: 5 })],
])('a CONNECT %s is sound', (_, packet) => {
  expect(isSoundConnect(packet)).toBe(true);
});

test('one that was cut or goes on is not, wherever', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.nat(40), (isWill, cut) => {
      const packet = connectPacket('device', isWill ? { will } : {});
      const at = 10 + (cut % (packet.length - 10));
      expect(isSoundConnect(packet.subarray(0, at))).toBe(false);
      expect(isSoundConnect(Buffer.concat([packet, Buffer.alloc(1 + cut)]))).toBe(false);
    }),
  );
});

test('bytes of any kind are looked at without harm', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(isSoundConnect(Buffer.from([0x10, bytes.length, ...bytes]))).toBeTypeOf('boolean');
    }),
  );
});
