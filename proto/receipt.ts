/** The applied receipt: what the cloud tells a gateway after a commit, or when asked (`receipt.proto`). */
import { TallyError } from '#shared/errors.ts';
import type { Range } from '#shared/ranges.ts';

import { tallyport } from './gen/tallyport.js';

export type AppliedReceipt = {
  readonly gateway: string;
  readonly epoch: string;
  /** Everything accounted for of the epoch, applied or given up; ascending. */
  readonly applied: readonly Range[];
  /**
   * The stream, by when it was made, and the place in it of the batch that is answered. Empty and 0 in answer to a
   * `LedgerRequest`.
   */
  readonly incarnation: string;
  readonly streamSeq: number;
};

const RECEIPT_BYTES_MAX = 512 * 1024;

/** At most 20 bytes each. A ledger has that many only while as many batches in between are under way. */
const RECEIPT_RANGES_MAX = 16_384;

/** Of a ledger of more ranges than fit, the first: what a receipt does not state, a gateway keeps and sends again. */
export function encodeReceipt(receipt: AppliedReceipt): Uint8Array {
  return tallyport.v1.AppliedReceipt.encode({
    gateway: receipt.gateway,
    epoch: receipt.epoch,
    applied: receipt.applied
      .slice(0, RECEIPT_RANGES_MAX)
      .map(([firstSeq, lastSeq]) => ({ firstSeq, lastSeq })),
    position: { incarnation: receipt.incarnation, streamSeq: receipt.streamSeq },
  }).finish();
}

/** Throws a `TallyError` of kind `input` for bytes that are no receipt. */
export function decodeReceipt(bytes: Uint8Array): AppliedReceipt {
  if (bytes.length > RECEIPT_BYTES_MAX)
    throw new TallyError('input', 'batch-limit', `receipt: at most ${RECEIPT_BYTES_MAX} bytes`);
  try {
    const wire = tallyport.v1.AppliedReceipt.decode(bytes);
    return {
      gateway: wire.gateway,
      epoch: wire.epoch,
      applied: wire.applied.map(({ firstSeq, lastSeq }) => {
        const range: Range = [Number(firstSeq ?? 0), Number(lastSeq ?? 0)];
        if (!(range[0] >= 1 && range[1] >= range[0] && Number.isSafeInteger(range[1]))) {
          throw new RangeError(`not a range: ${range.join(' to ')}`);
        }
        return range;
      }),
      incarnation: wire.position?.incarnation ?? '',
      streamSeq: Number(wire.position?.streamSeq ?? 0),
    };
  } catch (cause) {
    throw new TallyError(
      'input',
      'batch-malformed',
      'receipt: expected a tallyport.v1.AppliedReceipt',
      { cause },
    );
  }
}
