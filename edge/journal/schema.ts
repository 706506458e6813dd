/** Every table of the journal. Each file says its version twice, so that a flipped bit is not taken for another version. */

export const JOURNAL_FORMAT = 2;

/** What `PRAGMA application_id` is, less the version: "Tal" in ASCII. */
const APPLICATION_ID = 0x54616c00;

/** The statements that mark a database as of this version. */
export const FORMAT_MARKS = [
  `user_version = ${JOURNAL_FORMAT}`,
  `application_id = ${APPLICATION_ID + JOURNAL_FORMAT}`,
] as const;

/** The version that a file's two marks agree on; 0 for a file that has none yet, `undefined` where they contradict each other. */
export function formatOf(userVersion: number, applicationId: number): number | undefined {
  // Version 1 had the one mark only.
  if (applicationId === 0 && userVersion <= 1) return userVersion;
  return applicationId === APPLICATION_ID + userVersion ? userVersion : undefined;
}

/**
 * A segment: a run of blocks of one epoch. Its file is `segment-<number>-<epoch>.db`; numbers rise in the order of
 * making, over all epochs of the directory.
 *
 * `segment`, one row: what is needed to read the file on its own.
 * - `epoch`, `number`: as in the file's name.
 * - `site`, `gateway`: whose events they are, for as long as they exist.
 * - `first_seq`: the sequence number that its first event gets.
 * - `filtered`: the accounts before its first block, as in `blocks`.
 * - `record_format`: the layout of the records (`record.ts`).
 * - `rule_version`: the filter rules that its events came through.
 * - `created_ms`: wall clock, for people.
 * - `crc`: CRC-32 over all of the above but the last and `record_format`.
 *
 * `blocks`, one row a block (`block.ts`); those of one transaction share one fsync.
 * - `id`: 1, 2, 3 … within the segment, rising with `first_seq`, so a sequence number is found by bisection and no
 *   index is written.
 * - `first_seq`, `count`: the events; count is 0 when every event was removed by a rule.
 * - `filtered`: JSON object, rule to events removed, of the whole epoch, this block included. The events received are
 *   the last sequence number and the sum of these.
 * - `boot_id`, `clock_offset_ms`, `clock_trust`: the gateway's clock when it took them (`clock.ts`): milliseconds since the
 *   boot are an event's receive time less the offset.
 * - `message_keys`: of the messages that were settled, 8 bytes each: a message that the device sends again is known by its key.
 * - `records`: frames of length (4 bytes, little-endian) and record.
 * - `crc`: CRC-32 over the epoch and all of the above but `id`.
 */
export const SEGMENT_SCHEMA = `
  CREATE TABLE segment (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    epoch         TEXT    NOT NULL,
    number        INTEGER NOT NULL,
    site          TEXT    NOT NULL,
    gateway       TEXT    NOT NULL,
    first_seq     INTEGER NOT NULL,
    filtered      TEXT    NOT NULL,
    record_format INTEGER NOT NULL,
    rule_version  TEXT    NOT NULL,
    created_ms    INTEGER NOT NULL,
    crc           INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE blocks (
    id              INTEGER PRIMARY KEY,
    first_seq       INTEGER NOT NULL,
    count           INTEGER NOT NULL,
    filtered        TEXT    NOT NULL,
    boot_id         TEXT    NOT NULL,
    clock_offset_ms INTEGER NOT NULL,
    clock_trust     TEXT    NOT NULL,
    message_keys    BLOB    NOT NULL,
    records         BLOB    NOT NULL,
    crc             INTEGER NOT NULL
  ) STRICT;
`;

/**
 * The state: small, and never needed to find an event. Each row carries a CRC-32 of its other columns; where one does
 * not hold the whole state is set aside and made again from the segments and the cloud's receipts.
 *
 * `epochs`: the journal's epochs, the current one last.
 * - `epoch`; `created_ms`, wall clock, for people.
 * - `ended`: JSON of the accounts at its end, `{"headSeq", "filtered"}`; null for the current one.
 * - `applied`, `stored`: JSON arrays of [first, last]: what the cloud has applied, what JetStream has; less than the truth
 *   after a crash, which costs sending again and nothing else.
 * - `shed`: JSON object, reason to events given up, of segments that are gone.
 * `segments`: the sealed ones.
 * - `number`, `epoch`, `first_seq`, `last_seq`: as in the file.
 * - `bytes`, `file_crc`: of the whole file, which never changes.
 * - `facts`: JSON, what is in it (`segment-facts.ts`).
 * - `gone`: 1 when it is to be unlinked and may be already.
 * `boots`: for each boot of the machine the clock reading to correct by.
 */
export const STATE_SCHEMA = `
  CREATE TABLE epochs (
    epoch      TEXT    NOT NULL,
    created_ms INTEGER NOT NULL,
    ended      TEXT,
    applied    TEXT    NOT NULL,
    stored     TEXT    NOT NULL,
    shed       TEXT    NOT NULL,
    crc        INTEGER NOT NULL,
    PRIMARY KEY (epoch)
  ) STRICT;
  CREATE TABLE segments (
    number    INTEGER PRIMARY KEY,
    epoch     TEXT    NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    bytes     INTEGER NOT NULL,
    file_crc  INTEGER NOT NULL,
    facts     TEXT    NOT NULL,
    gone      INTEGER NOT NULL,
    crc       INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE boots (
    boot_id   TEXT    PRIMARY KEY,
    offset_ms INTEGER NOT NULL,
    trust     TEXT    NOT NULL,
    crc       INTEGER NOT NULL
  ) STRICT;
`;
