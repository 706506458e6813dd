/** What the uplink and the thread that encodes say to each other. */
import type { ErrorCode } from '#shared/errors.ts';

import type { BatchRequest, OutboundBatch } from './uplink.ts';

/** To the encoder: how it starts (`workerData`). */
export type EncoderOptions = {
  readonly directory: string;
  readonly site: string;
  readonly gateway: string;
  readonly eventsMax: number;
  /** Of journal records, before they are encoded. */
  readonly bytesMax: number;
};

export type ToEncoder = { readonly id: number; readonly request: BatchRequest };

export type FromEncoder =
  | { readonly id: number; readonly batch: OutboundBatch }
  | { readonly id: number; readonly error: string; readonly code: ErrorCode };
