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

import { formatsSchema, readPointsSchema, timeZoneSchema } from './decode/decode-config.ts';
import { filtersSchema } from './filter/filter-config.ts';
import { brokersConfigSchema } from './ingest/brokers/brokers-config.ts';
import { mqttConfigSchema } from './ingest/mqtt-config.ts';

const MEBIBYTE = 1024 * 1024;
const SEGMENT_BYTES_MIN = 128 * 1024;
/** The state, logs, and what else is not in a segment. */
const JOURNAL_BYTES_BESIDE = 8 * MEBIBYTE;

const positive = (what: string): z.ZodInt => z.int(`expected ${what}`).positive(`expected ${what}`);

export const edgeConfigSchema = z.strictObject({
  /** The depot, and this gateway in it: part of the identity of every event. */
  site: idSchema,
  gateway: idSchema,
  /** Further files, whose lists are added to the lists here. */
  include: z.array(z.string('expected a file or a pattern')).optional(),
  /** Of the depot: for times that devices write without an offset. */
  timeZone: timeZoneSchema,
  /** Holds the journal. */
  dataDir: z.string('expected a directory').min(1, 'expected a directory'),
  mqtt: mqttConfigSchema,
  formats: formatsSchema,
  readPoints: readPointsSchema,
  /** The depot's own brokers, which the gateway listens to beside serving devices itself. */
  brokers: brokersConfigSchema,
  filters: filtersSchema.default([]),
  journal: z
    .strictObject({
      /** All that the journal keeps on the disk, its logs and its reserve among it. */
      bytesMax: bytesSchema.default(4096 * MEBIBYTE),
      segmentBytesMax: bytesSchema
        .refine((bytes) => bytes >= SEGMENT_BYTES_MIN, 'expected at least 128KiB')
        .default(16 * MEBIBYTE),
      /** A segment is sealed when it is this old, however little is in it, hours. */
      segmentHoursMax: positive('a number of hours').default(24),
      shedding: z
        .strictObject({
          /** Of telemetry one event in so many is kept for each device, before all of it goes. */
          telemetryKeepOneIn: z.int('expected a number').min(2, 'expected at least 2').default(10),
          /** Whether scans go too when nothing else is left; otherwise they are not acknowledged. */
          custody: z.boolean('expected true or false').default(false),
        })
        .prefault({}),
    })
    .refine(
      ({ bytesMax, segmentBytesMax }) => !(bytesMax < 4 * segmentBytesMax + JOURNAL_BYTES_BESIDE),
      {
        path: ['bytesMax'],
        message:
          'expected at least 8MiB and four times segmentBytesMax (16MiB unless it is set): whole segments are freed, one is held in reserve',
      },
    )
    .prefault({}),
  clock: z
    .strictObject({
      /** Who says that the machine's clock is right; a file says so by being there. */
      source: z
        .string('expected auto, none or the path of a file')
        .refine(
          (source) => source === 'auto' || source === 'none' || source.startsWith('/'),
          'expected auto, none or the path of a file, from / on',
        )
        .default('auto'),
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
  /** Where the gateway tells of itself: `GET /status` and `GET /metrics`. */
  status: z
    .strictObject({
      host: listenHostSchema.default('127.0.0.1'),
      /** 0: not at all. */
      port: portSchema.default(9464),
    })
    .prefault({}),
  log: z.strictObject({ level: logLevelSchema.default('info') }).prefault({}),
});

export type EdgeConfig = z.infer<typeof edgeConfigSchema>;
