import { crc32 } from 'node:zlib';

const PACKET_IDS = 65_536;

/** The key of a message (`ingest.ts`): CRC-32 of device, topic and payload above the packet identifier; below 2^48. */
export function messageKeyOf(
  clientId: string,
  topic: string,
  payload: Uint8Array,
  packetId: number,
): number {
  // A separator that neither an id nor a topic can have.
  const owner = crc32(`${clientId}\0${topic}\0`);
  return crc32(payload, owner) * PACKET_IDS + packetId;
}
