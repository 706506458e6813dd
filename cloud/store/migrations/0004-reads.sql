-- What a scan says of where it was read and what that means, and what a reader says of its reads.
--
--   location        the place that the read point belongs to
--   biz_step        what a scan at that read point means, by the gateway's configuration
--   antenna         the reader's antenna port
--   rssi_dbm        the strongest of the reads
--   read_count      reads that the event stands for
--   presence        of a condensed scan: enter, the first read, or exit, the last one before the thing was gone
--   first_seen      of an exit: when the thing was read first
ALTER TABLE scan
  ADD COLUMN location    text COLLATE "C",
  ADD COLUMN biz_step    text COLLATE "C",
  ADD COLUMN antenna     integer,
  ADD COLUMN rssi_dbm    double precision,
  ADD COLUMN read_count  double precision,
  ADD COLUMN presence    text COLLATE "C" CHECK (presence IN ('enter', 'exit')),
  ADD COLUMN first_seen  timestamptz;

--   valid           what the device itself thinks of the fix
ALTER TABLE position
  ADD COLUMN valid  boolean;
