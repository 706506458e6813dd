/** What a reader of `.tally` files accepts, checked before the memory is taken (G7). The writer keeps to the same. */
import { BATCH_BYTES_MAX } from '#proto/batch/limits.ts';

export const HEADER_BYTES_MAX = 16 * 1024;

/** A batch, and what stands around it. */
export const FRAME_BYTES_MAX = BATCH_BYTES_MAX + 256;

/** 100 000 ranges are 4 MiB. */
export const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;

/** A journal has one; a gateway that was set up again and again, a few. */
export const EPOCHS_MAX = 1024;

/** Of a file. Those beyond are counted only. */
export const RANGES_LISTED_MAX = 100_000;

/** Of a file. Those beyond are counted only. */
export const UNREADABLE_LISTED_MAX = 1000;

/** Of a report. */
export const PROBLEMS_LISTED_MAX = 100;
