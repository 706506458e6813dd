/** The header of a batch: whose it is, which range, and the gateway's accounts, each checked. */
import { ID_PATTERN } from '#shared/names.ts';

import type { tallyport } from '../gen/tallyport.js';
import { BATCH_FORMATS, LANES, type Accounts, type Batch, type ShedRange } from './batch.ts';
import { BATCH_EVENTS_MAX, HEADER_ENTRIES_MAX } from './limits.ts';
import { malformed, overLimit } from './malformed.ts';

export function decodeHeader(wire: tallyport.v1.Batch): Omit<Batch, 'events'> {
  if (!BATCH_FORMATS.includes(wire.format)) {
    throw malformed(
      'format',
      `expected ${BATCH_FORMATS.join(' or ')}, found ${wire.format}: made by another version of Tallyport`,
    );
  }
  const firstSeq = whole(wire.firstSeq, 'first_seq');
  const lastSeq = whole(wire.lastSeq, 'last_seq');
  if (firstSeq < 1 || lastSeq < firstSeq - 1)
    throw malformed('last_seq', 'expected a range, or one less than first_seq');
  const lane = LANES[wire.lane - 1];
  if (lane === undefined) throw malformed('lane', 'expected LANE_FRESH or LANE_BACKLOG');
  const shed = decodeShed(wire, firstSeq, lastSeq);
  const kept =
    lastSeq - firstSeq + 1 - shed.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (kept > BATCH_EVENTS_MAX) throw overLimit('last_seq', `at most ${BATCH_EVENTS_MAX} events`);
  return {
    site: id(wire.site, 'site'),
    gateway: id(wire.gateway, 'gateway'),
    epoch: id(wire.epoch, 'epoch'),
    firstSeq,
    lastSeq,
    lane,
    accounts: decodeAccounts(wire.accounts ?? {}),
    watermark: {
      seq: whole(wire.watermark?.seq ?? 0, 'watermark.seq'),
      timeMs: whole(wire.watermark?.timeMs ?? 0, 'watermark.time_ms'),
    },
    shed,
  };
}

function decodeAccounts(wire: tallyport.v1.IAccounts): Accounts {
  const filtered = Object.entries(wire.filtered ?? {});
  if (filtered.length > HEADER_ENTRIES_MAX)
    throw overLimit('accounts.filtered', `at most ${HEADER_ENTRIES_MAX} rules`);
  return {
    received: whole(wire.received ?? 0, 'accounts.received'),
    filtered: Object.fromEntries(
      filtered.map(([rule, count]) => [rule, whole(count, 'accounts.filtered')]),
    ),
    headSeq: whole(wire.headSeq ?? 0, 'accounts.head_seq'),
    stored: whole(wire.stored ?? 0, 'accounts.stored'),
  };
}

function decodeShed(wire: tallyport.v1.Batch, firstSeq: number, lastSeq: number): ShedRange[] {
  if (wire.shed.length > HEADER_ENTRIES_MAX)
    throw overLimit('shed', `at most ${HEADER_ENTRIES_MAX} ranges`);
  let next = firstSeq;
  return wire.shed.map((range) => {
    const first = whole(range.firstSeq ?? 0, 'shed.first_seq');
    const last = whole(range.lastSeq ?? 0, 'shed.last_seq');
    if (first < next || last < first || last > lastSeq) {
      throw malformed('shed', 'expected ascending, disjoint ranges within the batch');
    }
    next = last + 1;
    return { first, last, reason: range.reason ?? '' };
  });
}

function id(value: string, field: string): string {
  if (!ID_PATTERN.test(value)) throw malformed(field, 'expected 1 to 64 of a-z, 0-9 and -');
  return value;
}

/** protobuf's uint64 as a number; a `Long` where the runtime has one. */
function whole(value: number | { toNumber(): number }, field: string): number {
  const number = typeof value === 'number' ? value : value.toNumber();
  if (!Number.isSafeInteger(number) || number < 0)
    throw malformed(field, 'expected a whole number below 2^53');
  return number;
}
