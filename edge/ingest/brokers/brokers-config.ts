/** The config of the depot's own brokers: the section `brokers`. */
import { z } from 'zod';

import { idSchema } from '#shared/config.ts';
import { secretSchema } from '#shared/secret.ts';

const BROKERS_MAX = 16;
const FILTERS_MAX = 256;
/** MQTT's own limits: two bytes each (MQTT 5, 3.1.2.10 and 3.1.2.11.3). */
const TWO_BYTES_MAX = 65_535;
const CONTROL = /\p{Cc}/u;

/** MQTT 3.1.1, 4.7: `+` fills a level, `#` is the last one; `$share/…` is written with `share`. */
function isFilter(filter: string): boolean {
  if (CONTROL.test(filter) || filter.startsWith('$share/')) return false;
  const levels = filter.split('/');
  return levels.every(
    (level, at) =>
      level === '+' ||
      (level === '#' && at === levels.length - 1) ||
      !(level.includes('+') || level.includes('#')),
  );
}

function isBrokerUrl(text: string): boolean {
  if (!/^mqtts?:\/\//u.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, search, hash, username, password } = new URL(text);
  return (
    hostname !== '' &&
    ['', '/'].includes(pathname) &&
    `${search}${hash}${username}${password}` === ''
  );
}

const path = z.string('expected a path').min(1, 'expected a path');

const subscriptionSchema = z.strictObject({
  topic: z
    .string('expected a topic filter')
    .min(1, 'expected a topic filter')
    .max(1024, 'expected at most 1024 characters')
    .refine(isFilter, 'expected a topic filter such as depot/+/scans or depot/#'),
  /** The most that the broker delivers with: what it acknowledged is lost on the way only with 0. */
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)], 'expected 0, 1 or 2').default(1),
});

const brokerSchema = z
  .strictObject({
    /** Names it in logs, metrics, and as the source of its messages. */
    name: idSchema,
    url: z
      .string('expected mqtt://host:port or mqtts://host:port')
      .refine(
        isBrokerUrl,
        'expected mqtt://host:port or mqtts://host:port, user and password being settings of their own',
      ),
    /** Of MQTT: 4 is 3.1.1. */
    version: z.union([z.literal(4), z.literal(5)], 'expected 4 (for MQTT 3.1.1) or 5').default(4),
    /** Names our session, in which the broker keeps what comes while we are away. Default: `tallyport-` and the gateway. */
    clientId: z
      .string('expected a client id')
      .regex(/^[\w.:-]{1,128}$/u, 'expected 1 to 128 letters, digits, and . : _ -')
      .optional(),
    username: z.string('expected a user').min(1, 'expected a user').optional(),
    password: secretSchema.optional(),
    subscribe: z
      .array(subscriptionSchema, 'expected a list of topic filters')
      .min(1, 'expected at least one topic filter')
      .max(FILTERS_MAX, `expected at most ${FILTERS_MAX} topic filters`),
    /** Gateways with the same group share what comes: each message goes to one of them. */
    share: z
      .string('expected the name of a group')
      .regex(/^[\w-]{1,64}$/u, 'expected 1 to 64 letters, digits, _ and -')
      .optional(),
    /** Messages that are taken and not on disk yet, at most. The broker of MQTT 5 is told. */
    receiveMaximum: z
      .int('expected a number of messages')
      .min(1, 'expected at least 1')
      .max(TWO_BYTES_MAX, `expected at most ${TWO_BYTES_MAX}`)
      .default(512),
    /** A broker that says nothing for one and a half times as long is left. */
    keepAliveS: z
      .int('expected seconds')
      .min(1, 'expected at least 1')
      .max(TWO_BYTES_MAX, `expected at most ${TWO_BYTES_MAX}`)
      .default(30),
    /** Who signed the broker's certificate; absent: who the system trusts. Read at each connection. */
    caFile: path.optional(),
    /** Our own certificate and its key. */
    certFile: path.optional(),
    keyFile: path.optional(),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    path: ['certFile'],
    message: 'expected certFile and keyFile together',
  })
  .refine(
    ({ url, caFile, certFile }) => url.startsWith('mqtts:') || (caFile ?? certFile) === undefined,
    {
      path: ['url'],
      message: 'expected mqtts:// where there are certificates',
    },
  )
  .refine(({ username, password }) => password === undefined || username !== undefined, {
    path: ['password'],
    message: 'expected a username too',
  });

/** The depot's own brokers. */
export const brokersConfigSchema = z
  .array(brokerSchema, 'expected a list of brokers')
  .max(BROKERS_MAX, `expected at most ${BROKERS_MAX} brokers`)
  .refine((brokers) => new Set(brokers.map(({ name }) => name)).size === brokers.length, {
    message: 'expected each broker under a name of its own',
  })
  .default([]);

/** One of them. */
export type BrokerConfig = z.infer<typeof brokerSchema>;
