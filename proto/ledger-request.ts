/** The ledger request: what a gateway asks to hear where its journal stands (`receipt.proto`). */
import { TallyError } from '#shared/errors.ts';
import { ID_PATTERN } from '#shared/names.ts';

import { tallyport } from './gen/tallyport.js';

export type LedgerRequest = { readonly gateway: string; readonly epoch: string };

/** Two ids of 64 characters, and room for what a newer gateway may say. */
const REQUEST_BYTES_MAX = 1024;

export function encodeLedgerRequest({ gateway, epoch }: LedgerRequest): Uint8Array {
  return tallyport.v1.LedgerRequest.encode({ gateway, epoch }).finish();
}

/** Throws a `TallyError` of kind `input` for bytes that are no request. */
export function decodeLedgerRequest(bytes: Uint8Array): LedgerRequest {
  if (bytes.length > REQUEST_BYTES_MAX) {
    throw new TallyError(
      'input',
      'batch-limit',
      `ledger request: at most ${REQUEST_BYTES_MAX} bytes`,
    );
  }
  const { gateway, epoch } = decode(bytes);
  for (const [field, id] of Object.entries({ gateway, epoch })) {
    if (!ID_PATTERN.test(id)) throw malformed(`${field}: expected 1 to 64 of a-z, 0-9 and -`);
  }
  return { gateway, epoch };
}

function decode(bytes: Uint8Array): LedgerRequest {
  try {
    return tallyport.v1.LedgerRequest.decode(bytes);
  } catch (cause) {
    throw malformed('expected a tallyport.v1.LedgerRequest', cause);
  }
}

function malformed(expected: string, cause?: unknown): TallyError {
  return new TallyError('input', 'batch-malformed', `ledger request: ${expected}`, { cause });
}
