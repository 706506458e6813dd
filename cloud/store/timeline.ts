/** Places and stretches of a timeline, whose order is (order time, gateway, epoch, seq). */
import { type Event, orderTimeMs } from '#shared/event.ts';

import type { SqlParam } from './store.ts';
import { formatTimestamp } from './timestamp.ts';

/** Where an event stands. */
export type Place = {
  readonly orderTimeMs: number;
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: number;
};

/** A stretch of a timeline, oldest first. What is inserted elsewhere does not move it. */
export type Stretch = {
  /** Order time, included. */
  readonly fromMs?: number | undefined;
  /** Order time, not included. */
  readonly toMs?: number | undefined;
  /** Only what stands after this. */
  readonly after?: Place | undefined;
  readonly limit: number;
};

/** An event as it was stored. */
export type StoredEvent<E extends Event = Event> = {
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: number;
  /** Of the gateway; absent when its epoch is not known. */
  readonly site?: string;
  /** When it was written to the read model. */
  readonly recordedAtMs: number;
  readonly event: E;
};

export function placeOf({ gateway, epoch, seq, event }: StoredEvent): Place {
  return { orderTimeMs: orderTimeMs(event), gateway, epoch, seq };
}

/**
 * The parameters of `order_time >= $a AND order_time < $b AND (order_time, gateway, epoch, seq) > ($c, $d, $e, $f)
 * … LIMIT $g`, in this order.
 */
export function stretchParams({ fromMs, toMs, after, limit }: Stretch): SqlParam[] {
  return [
    fromMs === undefined ? '-infinity' : formatTimestamp(fromMs),
    toMs === undefined ? 'infinity' : formatTimestamp(toMs),
    after === undefined ? '-infinity' : formatTimestamp(after.orderTimeMs),
    after?.gateway ?? '',
    after?.epoch ?? '',
    after?.seq ?? 0,
    limit,
  ];
}
