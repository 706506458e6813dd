/** The cloud side's config: one table, read once, passed down frozen. */
import { z } from 'zod';

import {
  bytesSchema,
  listenHostSchema,
  logLevelSchema,
  natsServersSchema,
  portSchema,
} from '#shared/config.ts';

const DAY_MS = 24 * 60 * 60_000;

export const cloudConfigSchema = z.strictObject({
  /** Holds the embedded database; not used with a `databaseUrl`. */
  dataDir: z.string('expected a directory').min(1, 'expected a directory'),
  /** A PostgreSQL server; absent: PGlite, embedded. `DATABASE_URL` in the environment goes before it. */
  databaseUrl: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//u, 'expected postgres://user@host/database')
    .optional(),
  http: z
    .strictObject({
      host: listenHostSchema.default('127.0.0.1'),
      port: portSchema.default(8080),
    })
    .prefault({}),
  nats: z
    .strictObject({
      servers: natsServersSchema.default(['nats://127.0.0.1:4222']),
      /** Delivered and not acknowledged at once. */
      unackedMax: z.int('expected a number of messages').min(1).max(4096).default(256),
    })
    .prefault({}),
  streams: z
    .strictObject({
      /** 3 in production. */
      replicas: z
        .int('expected 1 to 5')
        .min(1, 'expected 1 to 5')
        .max(5, 'expected 1 to 5')
        .default(1),
      ingestBytesMax: bytesSchema.default(1024 ** 3),
      /** Longer than the longest outage, and than the horizon of a rebuild. */
      ingestDaysMax: z.number('expected days').positive('expected days').default(14),
    })
    .prefault({}),
  log: z.strictObject({ level: logLevelSchema.default('info') }).prefault({}),
});

export type CloudConfig = z.infer<typeof cloudConfigSchema>;

export function ingestAgeMaxMs(config: CloudConfig): number {
  return config.streams.ingestDaysMax * DAY_MS;
}
