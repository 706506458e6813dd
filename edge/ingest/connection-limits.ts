/**
 * How many connections there are, from each address and in all, and how fast they come (G7, S7). It is asked when
 * one comes, before a byte of it is read and before TLS, which is the dearest part of it.
 *
 * An address of this machine stands for many: it is what a proxy or a container's network makes of all devices. So
 * only what holds for all together holds for it.
 */
import { isLoopback } from '#shared/loopback.ts';

import type { Refusal } from './ingest.ts';
import type { Limits } from './limits.ts';
import { TokenBucket } from './token-bucket.ts';

type Source = { open: number; readonly bucket: TokenBucket };

export type ConnectionLimitsOptions = Pick<
  Limits,
  'connectsPerSecond' | 'addressConnectsPerSecond' | 'addressConnectBurst' | 'addressConnectionsMax'
> & {
  readonly connectionsMax: number;
  readonly monotonic: () => number;
};

/** All devices of a depot may come back in the same second: the burst is what comes in so many. */
const BURST_SECONDS = 10;
/** Addresses that are remembered, unless more have a connection. */
const SOURCES_MAX = 10_000;

export class ConnectionLimits {
  readonly #options: ConnectionLimitsOptions;
  readonly #all: TokenBucket;
  readonly #sources = new Map<string, Source>();
  #open = 0;

  constructor(options: ConnectionLimitsOptions) {
    this.#options = options;
    const perSecond = options.connectsPerSecond;
    this.#all = new TokenBucket(
      { perSecond, burst: perSecond * BURST_SECONDS },
      options.monotonic(),
    );
  }

  /** Why a connection from there is not taken; `undefined` when it is: then `leave` follows once it is closed. */
  arrive(address: string | undefined): Refusal | undefined {
    const nowMs = this.#options.monotonic();
    if (this.#open >= this.#options.connectionsMax) return 'connections';
    const source = this.#sourceOf(address, nowMs);
    if (source !== undefined) {
      if (source.open >= this.#options.addressConnectionsMax) return 'address-connections';
      // Before that of all: one that comes too often takes nothing from the others.
      if (!source.bucket.tryTake(nowMs)) return 'connect-rate';
    }
    if (!this.#all.tryTake(nowMs)) return 'connect-rate';
    this.#open++;
    if (source !== undefined) source.open++;
    return undefined;
  }

  leave(address: string | undefined): void {
    this.#open--;
    const source = address === undefined ? undefined : this.#sources.get(address);
    if (source !== undefined) source.open--;
  }

  #sourceOf(address: string | undefined, nowMs: number): Source | undefined {
    if (address === undefined) return undefined;
    const known = this.#sources.get(address);
    if (known !== undefined || isLoopback(address)) return known;
    const { addressConnectsPerSecond: perSecond, addressConnectBurst: burst } = this.#options;
    if (this.#sources.size >= SOURCES_MAX) this.#forgetIdle(nowMs);
    const source = { open: 0, bucket: new TokenBucket({ perSecond, burst }, nowMs) };
    this.#sources.set(address, source);
    return source;
  }

  /** Those with nothing open: all that have nothing taken either, and if that is little, half of the others. */
  #forgetIdle(nowMs: number): void {
    for (const [address, { open, bucket }] of this.#sources) {
      if (open === 0 && bucket.isFull(nowMs)) this.#sources.delete(address);
    }
    if (this.#sources.size <= SOURCES_MAX / 2) return;
    const idle = [...this.#sources].filter(([, { open }]) => open === 0);
    for (const [address] of idle.slice(0, Math.ceil(idle.length / 2)))
      this.#sources.delete(address);
  }
}
