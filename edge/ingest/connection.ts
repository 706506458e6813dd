/**
 * One device's connection, between its stream and aedes's parser: `stream ──► guard ──► deliver`.
 *
 * aedes reads its streams itself: whatever comes, whether or not the device's messages still wait for the disk,
 * or nothing at all, a PINGREQ neither, while more than one of them does. So its reads are answered with
 * nothing, and what is read is decided here: whole packets only (`packet-guard.ts`), and only
 * - while neither this connection nor all together have too much unsettled (`intake.ts`);
 * - while the device takes its acknowledgements off our hands;
 * - while it does not publish faster than it may (`publish-rate.ts`);
 * - after the CONNECT not before it is let in.
 */
import type { Duplex } from 'node:stream';

import type { Clock } from '#shared/clock.ts';
import type { TallyError } from '#shared/errors.ts';

import type { Admission } from './access/doorkeeper.ts';
import { REFUSALS, type Peer, type Refusal } from './ingest.ts';
import type { Intake } from './intake.ts';
import { PacketGuard } from './packet-guard.ts';
import type { PublishRate } from './publish-rate.ts';
import type { Recorder } from './recorder.ts';

export type ConnectionOptions = {
  readonly stream: Duplex;
  readonly address: string | undefined;
  readonly packetBytesMax: number;
  /** At a time; absent: as many as are good for a turn. */
  readonly packetsMax?: number;
  readonly clock: Clock;
  readonly intake: Intake;
  readonly recorder: Recorder;
  /** Takes whole packets, at once. */
  readonly deliver: (packets: Buffer) => void;
};

/** A CONNECT has two ids, a will and a password: more is not needed before one is let in. */
const CONNECT_BYTES_MAX = 64 * 1024;
const CONNECT_MS_MAX = 10_000;
/** From the CONNECT on: in a depot that starts all at once its password may have to wait (`passwords.ts`). */
const LOGIN_MS_MAX = 30_000;
/** Who is slowed down is looked at again, however long it has to wait. */
const RATE_WAIT_MS_MAX = 1000;
/** Between two looks at what is unsettled. A chunk of a socket has fewer, if they are of usual length. */
const PACKETS_PER_TURN = 512;
/** Of one connection. It is checked between turns, so there may be twice as many. */
const UNSETTLED_MAX = 512;

const PUBACK = 0x40;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #guard: PacketGuard;
  readonly #whenClosed = Promise.withResolvers<void>();
  #read: (size?: number) => Buffer | null;
  #clientId: string | undefined;
  #admission: Admission | undefined;
  #rate: PublishRate | undefined;
  #isSlowed = false;
  #keepAliveMs = 0;
  readonly #openedMs: number;
  #introducedMs: number | undefined;
  #heardMs: number;
  #phase: 'new' | 'connecting' | 'admitted' | 'lingering' = 'new';
  #isRefused = false;
  #isWithheld = false;
  #unsettled = 0;
  #heldBytes = 0;
  /** Packet identifiers whose PUBACK goes out at the end of this turn. */
  #acks: number[] = [];
  /** Not read, although there may be something. */
  #isBlocked = false;
  #isWaking = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#guard = new PacketGuard({
      packetBytesMax: options.packetBytesMax,
      connectBytesMax: Math.min(CONNECT_BYTES_MAX, options.packetBytesMax),
      packetsMax: Math.min(PACKETS_PER_TURN, options.packetsMax ?? PACKETS_PER_TURN),
    });
    this.#read = () => null;
    this.#openedMs = options.clock.monotonic();
    this.#heardMs = this.#openedMs;
  }

  get peer(): Peer {
    const user = this.#admission?.user;
    const peer = { clientId: this.#clientId, address: this.#options.address };
    return user === undefined ? peer : { ...peer, user };
  }

  /** As whom it is let in, and what it may do; absent before that. */
  get admission(): Admission | undefined {
    return this.#admission;
  }

  /** Resolves when the stream is closed. */
  get closed(): Promise<void> {
    return this.#whenClosed.promise;
  }

  /** Closed, or about to be: what comes of it now is not taken. */
  get isGone(): boolean {
    return this.#isRefused || this.#isWithheld || this.#options.stream.destroyed;
  }

  /** Begins to read. Another one who reads the stream gets nothing. */
  attach(): void {
    const { stream } = this.#options;
    this.#read = stream.read.bind(stream);
    // Node itself reads 0 bytes to start the flow.
    stream.read = (size?: number): Buffer | null => (size === 0 ? this.#read(0) : null);
    stream.on('readable', () => this.#pump());
    stream.on('drain', () => this.wake());
    stream.once('close', () => this.#closed());
  }

  /** The CONNECT was read and is fine. */
  introduce(clientId: string, keepAliveMs: number): void {
    this.#clientId = clientId === '' ? undefined : clientId;
    this.#keepAliveMs = keepAliveMs;
    this.#introducedMs = this.#options.clock.monotonic();
  }

  /** Its login was right. */
  identify(admission: Admission): void {
    this.#admission = admission;
  }

  /** The device is let in under that id, and publishes no faster than that. */
  admit(clientId: string, rate?: PublishRate): void {
    this.#clientId = clientId;
    this.#rate = rate;
    this.#phase = 'admitted';
    this.#guard.admit();
    this.#options.recorder.connected(this.peer);
    this.wake();
  }

  /** Counts a message that was accepted, until `settle`. */
  begin(bytes: number): void {
    this.#unsettled++;
    this.#rate?.count(bytes);
    this.#options.intake.begin(bytes);
  }

  settle(bytes: number): void {
    this.#unsettled--;
    this.#options.intake.settle(bytes);
    if (this.#isBlocked) this.wake();
  }

  /** Sends a PUBACK, together with the others of this turn. */
  acknowledge(packetId: number): void {
    if (this.#acks.length === 0) queueMicrotask(() => this.#flushAcks());
    this.#acks.push(packetId);
  }

  /** A message could not be made durable: no acknowledgement, and the caller closes the connection. */
  withhold(error: TallyError): void {
    this.#options.recorder.withheld(this.peer, error, !this.#isWithheld);
    this.#isWithheld = true;
  }

  /** Records why, once, and closes. The error is for a reader that has to be told. */
  refuse(refusal: Refusal, detail?: string): Error {
    if (!this.#isRefused && !this.#isWithheld) {
      this.#isRefused = true;
      this.#options.recorder.refused(this.peer, refusal, detail);
    }
    this.#options.stream.destroy();
    return new Error(REFUSALS[refusal]);
  }

  /** Refuses a device that has been silent for too long. One that is not read cannot be heard. */
  checkSilence(): void {
    const nowMs = this.#options.clock.monotonic();
    if (this.#phase === 'new' || this.#phase === 'connecting') {
      const introducedMs = this.#introducedMs;
      if (introducedMs === undefined) {
        if (nowMs - this.#openedMs > CONNECT_MS_MAX) this.refuse('connect-late');
      } else if (nowMs - introducedMs > LOGIN_MS_MAX) this.refuse('login-late');
      return;
    }
    if (this.#unsettled > 0 || this.#isBlocked) this.#heardMs = nowMs;
    if (this.#keepAliveMs === 0 || nowMs - this.#heardMs <= this.#keepAliveMs * 1.5) return;
    this.refuse('keep-alive');
  }

  /** Lets what was written go out, then ends; what still comes is thrown away, so that the ending is orderly. */
  linger(): void {
    const { stream } = this.#options;
    if (this.#phase !== 'admitted') {
      stream.destroy();
      return;
    }
    this.#phase = 'lingering';
    this.#flushAcks();
    stream.end();
    this.wake();
  }

  /** Reads again, soon: not from within whoever settles messages or parses packets. */
  wake(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    queueMicrotask(() => {
      this.#isWaking = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#phase === 'lingering') {
      this.#read();
      return;
    }
    while (this.#mayRead()) {
      const packets = this.#next();
      if (packets === undefined) return;
      if (this.#phase === 'new') this.#phase = 'connecting';
      this.#options.deliver(packets);
    }
  }

  #mayRead(): boolean {
    const { stream, intake } = this.#options;
    this.#isBlocked = false;
    if (this.isGone || this.#phase === 'connecting') return false;
    this.#isBlocked =
      this.#unsettled >= UNSETTLED_MAX || stream.writableNeedDrain || this.#isTooFast();
    if (!this.#isBlocked && intake.isOpen) return true;
    if (!this.#isBlocked) intake.wait(this);
    this.#isBlocked = true;
    return false;
  }

  /** Then it wakes by itself when there has been time enough. */
  #isTooFast(): boolean {
    if (this.#rate === undefined) return false;
    const { clock } = this.#options;
    const waitMs = this.#rate.waitMs(clock.monotonic());
    if (waitMs === 0) return false;
    if (!this.#isSlowed) {
      this.#isSlowed = true;
      void clock.sleep(Math.min(waitMs, RATE_WAIT_MS_MAX)).then(() => {
        this.#isSlowed = false;
        this.wake();
      });
    }
    return true;
  }

  /** The next whole packets, of what the guard holds or else of what the stream has. */
  #next(): Buffer | undefined {
    const guard = this.#guard;
    let packets = guard.take();
    if (packets === undefined && guard.fault === undefined) {
      const chunk = this.#read();
      if (chunk === null) return undefined;
      this.#heardMs = this.#options.clock.monotonic();
      guard.push(chunk);
      packets = guard.take();
    }
    if (guard.fault !== undefined) this.refuse(guard.fault);
    else if (!this.#hold(guard.heldBytes)) this.refuse('memory');
    return this.isGone ? undefined : packets;
  }

  #hold(bytes: number): boolean {
    if (!this.#options.intake.hold(bytes - this.#heldBytes)) return false;
    this.#heldBytes = bytes;
    return true;
  }

  #flushAcks(): void {
    const ids = this.#acks;
    this.#acks = [];
    const { stream } = this.#options;
    if (ids.length === 0 || !stream.writable) return;
    const bytes = Buffer.allocUnsafe(4 * ids.length);
    let at = 0;
    for (const id of ids) {
      bytes[at++] = PUBACK;
      bytes[at++] = 2;
      bytes[at++] = id >> 8;
      bytes[at++] = id & 0xff;
    }
    stream.write(bytes);
  }

  #closed(): void {
    const { intake, recorder } = this.#options;
    this.#whenClosed.resolve();
    intake.forget(this);
    this.#hold(0);
    if (this.#phase === 'admitted' || this.#phase === 'lingering') recorder.disconnected(this.peer);
  }
}
