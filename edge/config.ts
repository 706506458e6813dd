/** The gateway's config: one table, read once, passed down frozen. */
import { z } from 'zod';

import {
  bytesSchema,
  idSchema,
  listenHostSchema,
  logLevelSchema,
  natsServersSchema,
  portSchema,
} from '#shared/config.ts';

const MEBIBYTE = 1024 * 1024;
const PACKET_BYTES_MAX = 900 * 1024;

const positive = (what: string): z.ZodInt => z.int(`expected ${what}`).positive(`expected ${what}`);

export const edgeConfigSchema = z.strictObject({
  /** The depot, and this gateway in it: part of the identity of every event. */
  site: idSchema,
  gateway: idSchema,
  /** Holds the journal. */
  dataDir: z.string('expected a directory').min(1, 'expected a directory'),
  mqtt: z
    .strictObject({
      host: listenHostSchema.default('127.0.0.1'),
      port: portSchema.default(1883),
      /** MQTT over WebSocket; absent: not offered. */
      websocketPort: portSchema.optional(),
      packetBytesMax: bytesSchema
        // What does not compress must still fit a batch.
        .refine((bytes) => bytes <= PACKET_BYTES_MAX, 'expected at most 900KiB')
        .default(512 * 1024),
      connectionsMax: positive('a number of connections').default(2000),
    })
    .prefault({}),
  journal: z
    .strictObject({
      /** All segments together; a full journal refuses acknowledgements. */
      bytesMax: bytesSchema.default(4096 * MEBIBYTE),
      segmentBytesMax: bytesSchema.default(16 * MEBIBYTE),
    })
    .refine(({ bytesMax, segmentBytesMax }) => !(bytesMax < 4 * segmentBytesMax), {
      path: ['bytesMax'],
      message: 'expected at least four times segmentBytesMax: whole segments are freed',
    })
    .prefault({}),
  uplink: z
    .strictObject({
      servers: natsServersSchema.default(['nats://127.0.0.1:4222']),
      /** Batches on their way at once. */
      windowBatches: positive('a number of batches').max(256).default(8),
      batchEventsMax: positive('a number of events').max(8192).default(1000),
      /** How long a batch waits for company, milliseconds. */
      lingerMs: z.int('expected milliseconds').min(0).max(60_000).default(20),
      /** How often an idle gateway reports, milliseconds. */
      heartbeatMs: positive('milliseconds').default(5000),
      /** How long a stored batch may stay without a receipt while later ones get theirs, milliseconds. */
      resendAfterMs: positive('milliseconds').default(10_000),
    })
    .prefault({}),
  log: z.strictObject({ level: logLevelSchema.default('info') }).prefault({}),
});

export type EdgeConfig = z.infer<typeof edgeConfigSchema>;
