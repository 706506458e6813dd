/** How a broker is reached: TCP, or TLS with its certificate and its name checked. */
import { readFile } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { describe, TallyError } from '#shared/errors.ts';
import { readSecret, type Environment } from '#shared/secret.ts';

import type { BrokerConfig } from './brokers-config.ts';

const PORT = 1883;
const TLS_PORT = 8883;
/** TCP's own question to a peer that is silent for so long. */
const TCP_KEEP_ALIVE_MS = 30_000;

/** What a connection needs of the machine, read anew for each: certificates and passwords are replaced while we run. */
export type Credentials = {
  readonly password: string | undefined;
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
};

/** Rejects with `secret-unusable`, which says what cannot be read. */
export async function readCredentials(
  { password, caFile, certFile, keyFile }: BrokerConfig,
  env: Environment,
): Promise<Credentials> {
  return {
    password: password === undefined ? undefined : await readSecret(password, env),
    ca: await readIf(caFile),
    cert: await readIf(certFile),
    key: await readIf(keyFile),
  };
}

/** Begins to connect; what is written meanwhile waits. */
export function openSocket(url: string, { ca, cert, key }: Credentials): Socket {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/u, '$1');
  const isTls = protocol === 'mqtts:';
  const to = { host, port: port === '' ? (isTls ? TLS_PORT : PORT) : Number(port) };
  if (!isTls) {
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS };
    return connect({ ...to, ...keepAlive, noDelay: true });
  }
  const socket = connectTls({
    ...to,
    // A certificate is for a name, which the handshake tells; that of an address is checked against the address.
    ...(isIP(host) === 0 && { servername: host }),
    ca,
    cert,
    key,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  });
  return socket.setNoDelay(true).setKeepAlive(true, TCP_KEEP_ALIVE_MS);
}

async function readIf(file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (cause) {
    throw new TallyError(
      'stop',
      'secret-unusable',
      `cannot read a certificate: ${describe(cause)}`,
      {
        cause,
      },
    );
  }
}
