/**
 * TLS in front of MQTT: TLS 1.2 at least, and with `caFile` certificates of the devices, which then say who they
 * are (G11, S3, S4).
 *
 * - A certificate that is expired, foreign or revoked is refused, also where one is optional.
 * - No session is resumed: OpenSSL would take what it found out about a certificate from the first handshake.
 * - Certificates are read again without closing anybody, except who is revoked by now.
 */
import { constants } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import {
  createSecureContext,
  createServer as createTlsServer,
  type SecureContextOptions,
  type Server as TlsServer,
  type TLSSocket,
} from 'node:tls';

import { describe, TallyError } from '#shared/errors.ts';

import type { Refusal } from './ingest.ts';
import { revocationLists, revokedSerials, serialKey } from './access/revocation-list.ts';
import { isUserName } from './access/user-name.ts';

export type TlsOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** MQTT over WebSocket over TLS; absent: not offered. */
  readonly websocketPort?: number | undefined;
  /** The certificate, and those that lead to its root, in PEM. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Who signs the certificates of devices; absent: they are not asked for one. */
  readonly caFile?: string | undefined;
  /** Which of them are revoked: a list of each of the authorities, none of them past its next update. */
  readonly crlFile?: string | undefined;
  /** Of devices, with `caFile`. Optional: who has none logs in by password. */
  readonly clientCertificate: 'required' | 'optional';
  /** Where the name of the device stands in its certificate: its common name, or the first alternative name. */
  readonly identity: 'cn' | 'san';
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
};

/** Who a device is by its certificate. */
export type Certified = { readonly user: string; readonly serial: string };

export type TlsEvents = {
  /** Asked before the first byte is read; a refusal closes the connection. */
  readonly arrive: (address: string | undefined) => Refusal | undefined;
  /** For each that has arrived. */
  readonly leave: (address: string | undefined) => void;
  readonly onSecure: (socket: TLSSocket, certified: Certified | undefined) => void;
  readonly onRefused: (address: string | undefined, refusal: Refusal, detail?: string) => void;
};

const HANDSHAKE_MS_MAX = 10_000;
/** Debian lets the group ssl-cert read keys. */
const ANYBODY = 0o007;
const TCP_KEEP_ALIVE_MS = 60_000;

type Material = { readonly context: SecureContextOptions; readonly revoked: ReadonlySet<string> };

/** Rejects with `certificate-unusable`. */
export async function openTls(options: TlsOptions): Promise<Tls> {
  return new Tls(options, await readMaterial(options));
}

export class Tls {
  readonly #options: TlsOptions;
  readonly #servers: TlsServer[] = [];
  readonly #sockets = new Set<Socket>();
  #material: Material;

  constructor(options: TlsOptions, material: Material) {
    this.#options = options;
    this.#material = material;
  }

  /** A server that does not listen yet. Closing it leaves the connections that were handed out. */
  server(events: TlsEvents): Server {
    const tls = this.#handshakes(events);
    this.#servers.push(tls);
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS };
    return createServer({ noDelay: true, ...keepAlive }, (socket) => {
      const address = socket.remoteAddress;
      const refusal = events.arrive(address);
      if (refusal !== undefined) {
        events.onRefused(address, refusal);
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        events.leave(address);
      });
      tls.emit('connection', socket);
    });
  }

  isRevoked({ serial }: Certified): boolean {
    return this.#material.revoked.has(serial);
  }

  /** Also those that are still at their handshake. */
  closeConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** For the handshakes that come. Rejects with `certificate-unusable` and leaves everything as it was. */
  async reload(): Promise<void> {
    const material = await readMaterial(this.#options);
    this.#material = material;
    for (const server of this.#servers) server.setSecureContext(material.context);
  }

  #handshakes(events: TlsEvents): TlsServer {
    const { caFile } = this.#options;
    const server = createTlsServer({
      ...this.#material.context,
      requestCert: caFile !== undefined,
      // Here OpenSSL would close without a word; `#refusalOf` does, and says why.
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_MS_MAX,
    });
    server.on('secureConnection', (socket) => {
      socket.on('error', () => {});
      const found = caFile === undefined ? undefined : this.#certifiedBy(socket);
      if (typeof found !== 'string') {
        events.onSecure(socket, found);
        return;
      }
      events.onRefused(socket.remoteAddress, 'certificate', found);
      socket.destroy();
    });
    server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      socket.on('error', () => {});
      events.onRefused(addressOf(socket), 'tls', 'code' in error ? String(error.code) : undefined);
      socket.destroy();
    });
    return server;
  }

  /** Who it is; nobody where that is allowed; or why it is not let in. */
  #certifiedBy(socket: TLSSocket): Certified | undefined | string {
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) {
      return this.#options.clientCertificate === 'optional' ? undefined : 'none';
    }
    if (!socket.authorized) return String(socket.authorizationError);
    const { subject, subjectAltName } = certificate;
    const names =
      this.#options.identity === 'cn' ? commonNames(subject) : alternatives(subjectAltName);
    const [user] = names;
    // Two common names: which one is meant is anybody's guess.
    if (user === undefined || (this.#options.identity === 'cn' && names.length > 1))
      return 'no name';
    if (!isUserName(user)) return 'a name that is none for a user';
    return { user, serial: serialKey(certificate.serialNumber) };
  }
}

/** Node writes a subject as lines of `type=value`, and escapes what would break them; an empty one it leaves out. */
function commonNames(subject: string | undefined): string[] {
  const lines = subject?.split('\n') ?? [];
  return lines.filter((line) => line.startsWith('CN=')).map((line) => line.slice(3));
}

/** Node writes `DNS:a, email:b`, and quotes what would break it: those are no names of users. */
function alternatives(subjectAltName: string | undefined): string[] {
  const [first = ''] = subjectAltName?.split(', ') ?? [];
  const [, name] = /^(?:DNS|email):([^"]+)$/u.exec(first) ?? [];
  return name === undefined ? [] : [name];
}

function addressOf(socket: Socket): string | undefined {
  return socket.remoteAddress;
}

async function readMaterial(options: TlsOptions): Promise<Material> {
  const { certFile, keyFile, caFile, crlFile, minVersion } = options;
  try {
    const { mode } = await stat(keyFile);
    if ((mode & ANYBODY) !== 0)
      throw unusable(`anybody may read or write ${keyFile}: chmod 600 ${keyFile}`);
    const [cert, key, ca, crl] = await Promise.all([
      readFile(certFile, 'utf8'),
      readFile(keyFile, 'utf8'),
      textOf(caFile),
      textOf(crlFile),
    ]);
    const lists = revocationLists(crl ?? '');
    if (crlFile !== undefined && lists.length === 0)
      throw unusable(`${crlFile} holds no revocation list in PEM`);
    const context: SecureContextOptions = {
      cert,
      key,
      ...(ca === undefined ? {} : { ca }),
      ...(lists.length === 0 ? {} : { crl: lists }),
      minVersion,
      secureOptions: constants.SSL_OP_NO_TICKET,
    };
    // Throws where a file is none, or the key is another's.
    createSecureContext(context);
    return { context, revoked: revokedSerials(lists) };
  } catch (error) {
    throw error instanceof TallyError ? error : unusable(describe(error), error);
  }
}

async function textOf(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await readFile(path, 'utf8');
}

function unusable(why: string, cause?: unknown): TallyError {
  const message = `the certificates of mqtt.tls cannot be used: ${why}`;
  return new TallyError('stop', 'certificate-unusable', message, { cause });
}
