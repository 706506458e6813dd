/** Stretches of a timeline, whose order is (order time, gateway, epoch, seq). */
import type { Stretch } from '../api/api.ts';
import type { SqlParam } from './store.ts';
import { formatTimestamp } from './timestamp.ts';

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
