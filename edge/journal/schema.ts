/** Every table of the journal. The version stands in `PRAGMA user_version` of each file. */

export const JOURNAL_FORMAT = 1;

/**
 * A segment: a run of commits.
 *
 * `segment`, one row: what is needed to read the file on its own.
 * - `epoch`: the journal's id.
 * - `number`: 1, 2, 3 … in the order of making; the file's name has it too.
 * - `first_seq`: the sequence number that its first event gets.
 * - `received`, `filtered`: the accounts before its first commit, as in `commits`.
 * - `record_format`: the layout of the records (`record.ts`).
 * - `created_ms`: wall clock, for people.
 *
 * `commits`, one row a group commit: one transaction, one fsync.
 * - `id`: 1, 2, 3 … within the segment. Rising with `first_seq`, so a sequence number is found by bisection
 *   and no index is written.
 * - `first_seq`, `count`: the events; count is 0 when every event was removed by a rule.
 * - `received`: events that came out of decode, of the whole epoch, this commit included.
 * - `filtered`: JSON object, rule to events removed, likewise.
 * - `crc`: CRC-32 (IEEE) of `message_keys` and `records`, started from that of the text `<epoch>:<first_seq>:<count>`: a row that is
 *   whole but stands in the wrong place is damage too.
 * - `message_keys`: of the messages that were settled with the commit, 8 bytes each (IEEE 754, host order is
 *   little-endian on every platform we run on): a message that the device sends again is known by its key.
 * - `records`: `count` times length (4 bytes, little-endian) and record.
 */
export const SEGMENT_SCHEMA = `
  CREATE TABLE segment (
    one           INTEGER PRIMARY KEY CHECK (one = 1),
    epoch         TEXT    NOT NULL,
    number        INTEGER NOT NULL,
    first_seq     INTEGER NOT NULL,
    received      INTEGER NOT NULL,
    filtered      TEXT    NOT NULL,
    record_format INTEGER NOT NULL,
    created_ms    INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE commits (
    id           INTEGER PRIMARY KEY,
    first_seq    INTEGER NOT NULL,
    count        INTEGER NOT NULL,
    received     INTEGER NOT NULL,
    filtered     TEXT    NOT NULL,
    crc          INTEGER NOT NULL,
    message_keys BLOB    NOT NULL,
    records      BLOB    NOT NULL
  ) STRICT;
`;

/**
 * The state: small, and never needed to find an event.
 *
 * `journal`, one row: `epoch`, the journal's id, and when it was made.
 * `applied`: ranges of sequence numbers that the cloud has applied, as far as it was written down; less than
 * the truth after a crash, which costs sending again and nothing else.
 */
export const STATE_SCHEMA = `
  CREATE TABLE journal (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    epoch      TEXT    NOT NULL,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE applied (
    first_seq INTEGER PRIMARY KEY,
    last_seq  INTEGER NOT NULL
  ) STRICT;
`;
