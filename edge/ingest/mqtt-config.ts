/** The `mqtt` section of the config: where devices connect, who may, and what they may do. */
import { z } from 'zod';

import { bytesSchema, portSchema } from '#shared/config.ts';
import { isLoopback } from '#shared/loopback.ts';

import { canProve } from './access/doorkeeper.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { patternFault } from './access/topic-pattern.ts';

const PACKET_BYTES_MAX = 900 * 1024;
const KEEP_ALIVE_SECONDS_MAX = 65_535;

const positive = (what: string): z.ZodInt => z.int(`expected ${what}`).positive(`expected ${what}`);
const file = z.string('expected a file').min(1, 'expected a file');
const host = z.string('expected a host to listen on').min(1, 'expected a host to listen on');
const globs = z.array(z.string().min(1, 'expected a name, or a part of one with * or ?')).min(1);
const patterns = z.array(
  z.string().superRefine((pattern, context) => {
    const message = patternFault(pattern);
    if (message !== undefined) context.addIssue({ code: 'custom', message, input: pattern });
  }),
);

const tlsSchema = z
  .strictObject({
    host: host.default('127.0.0.1'),
    port: portSchema.default(8883),
    /** MQTT over WebSocket over TLS; absent: not offered. */
    websocketPort: portSchema.optional(),
    certFile: file,
    keyFile: file,
    /** Who signs the certificates of devices; absent: they are asked for none. */
    caFile: file.optional(),
    crlFile: file.optional(),
    clientCertificate: z
      .enum(['required', 'optional'], 'expected required or optional')
      .default('required'),
    identity: z.enum(['cn', 'san'], 'expected cn or san').default('cn'),
    minVersion: z.enum(['TLSv1.2', 'TLSv1.3'], 'expected TLSv1.2 or TLSv1.3').default('TLSv1.2'),
  })
  .refine(({ caFile, crlFile }) => crlFile === undefined || caFile !== undefined, {
    path: ['crlFile'],
    message: 'expected caFile beside it: without it no certificates are asked for',
  });

const limitsSchema = z.strictObject({
  /** Of all together; ten times as many at once. */
  connectsPerSecond: positive('a number of connections').default(DEFAULT_LIMITS.connectsPerSecond),
  /** From one address; one of this machine stands for many. */
  addressConnectsPerSecond: positive('a number of connections').default(
    DEFAULT_LIMITS.addressConnectsPerSecond,
  ),
  addressConnectBurst: positive('a number of connections').default(
    DEFAULT_LIMITS.addressConnectBurst,
  ),
  addressConnectionsMax: positive('a number of connections').default(
    DEFAULT_LIMITS.addressConnectionsMax,
  ),
  /** Of one client, which is slowed down beyond it. */
  messagesPerSecond: positive('a number of messages').default(DEFAULT_LIMITS.messagesPerSecond),
  bytesPerSecond: bytesSchema.default(DEFAULT_LIMITS.bytesPerSecond),
  /** Also of clients that ask for none, or for more. */
  keepAliveSecondsMax: positive('seconds')
    .max(KEEP_ALIVE_SECONDS_MAX, `expected at most ${KEEP_ALIVE_SECONDS_MAX}`)
    .default(DEFAULT_LIMITS.keepAliveSecondsMax),
});

export const mqttConfigSchema = z
  .strictObject({
    host: host.default('127.0.0.1'),
    port: portSchema.default(1883),
    /** MQTT over WebSocket; absent: not offered. */
    websocketPort: portSchema.optional(),
    packetBytesMax: bytesSchema
      // What does not compress must still fit a batch.
      .refine((bytes) => bytes <= PACKET_BYTES_MAX, 'expected at most 900KiB')
      .default(512 * 1024),
    connectionsMax: positive('a number of connections').default(2000),
    /** Who has which password; `tally edge passwd` writes it. */
    usersFile: file.optional(),
    /** Absent: only while neither passwords nor certificates are configured. */
    anonymous: z.boolean('expected true or false').optional(),
    clientIdIs: z.enum(['user', 'prefix', 'any'], 'expected user, prefix or any').default('user'),
    tls: tlsSchema.optional(),
    /** Absent: publish under its own id; everything, while nobody can prove who it is. */
    access: z
      .array(
        z.strictObject({
          users: globs.optional(),
          clients: globs.optional(),
          publish: patterns.default([]),
          subscribe: patterns.default([]),
        }),
      )
      .optional(),
    limits: limitsSchema.prefault({}),
  })
  .superRefine((mqtt, context) => {
    // Default deny (G11): from elsewhere comes who can prove who it is, or who is let in without by the config's word.
    if (mqtt.anonymous === true) return;
    const refuse = (path: string[], what: string): void => {
      context.addIssue({
        code: 'custom',
        path,
        message: `expected 127.0.0.1, ::1 or localhost: listening elsewhere needs authentication, and none is configured: ${what}`,
      });
    };
    // Certificates are shown to TLS only.
    if (!isLoopback(mqtt.host) && mqtt.usersFile === undefined) refuse(['host'], 'usersFile');
    if (mqtt.tls !== undefined && !isLoopback(mqtt.tls.host) && !canProve(mqtt))
      refuse(['tls', 'host'], 'usersFile, or tls.caFile');
  })
  .prefault({});
