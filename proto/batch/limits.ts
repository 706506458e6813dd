/** What a decoder accepts of a batch, checked before the memory is taken (G7). An encoder keeps to the same. */

/** Rows a batch may have: events, and each of their attributes and readings. */
export const BATCH_EVENTS_MAX = 8192;
export const BATCH_ROWS_MAX = 65_536;

/** A batch as it travels: with its headers below the 1 MiB of NATS's default `max_payload`. */
export const BATCH_BYTES_MAX = 1024 * 1024 - 16 * 1024;

/** A batch decompressed. */
export const BATCH_PLAIN_BYTES_MAX = 4 * 1024 * 1024;

/** zstd window, as a power of two: 8 MiB, what the format asks every decoder to support (RFC 8878, 3.1.1.1.2). */
export const ZSTD_WINDOW_LOG_MAX = 23;

/** All text of a batch together, in UTF-16 units, repetitions counted. */
export const BATCH_TEXT_MAX = 8 * 1024 * 1024;

/** One text: a label, a name, an attribute. */
export const TEXT_MAX = 1024 * 1024;

/** What a gateway's clocks may have said in one batch: a change a second for a quarter of an hour. */
export const CLOCK_READINGS_MAX = 1024;

/** Ranges of a header: shed ranges, filter rules. */
export const HEADER_ENTRIES_MAX = 4096;
