-- What the gateway's clocks said when it took an event (G10), so that order can do without the wall clock.
--
-- All of it is null where the gateway did not tell. Every event also has:
--
--   boot_id              the boot of the gateway's machine: the first 48 bits of the kernel's boot id, in hexadecimal
--   monotonic_ms         milliseconds from that boot to when the gateway took the event
--   clock_trust          how far receive_time is to be believed; synced: a time source had confirmed the clock in
--                        this boot; holdover: plausible, not confirmed; unset: known to be wrong
--   clock_correction_ms  receive_time is what the clock said plus this; null where it is what the clock said

ALTER TABLE scan
  ADD COLUMN boot_id              text COLLATE "C",
  ADD COLUMN monotonic_ms         bigint,
  ADD COLUMN clock_trust          text COLLATE "C",
  ADD COLUMN clock_correction_ms  bigint;

ALTER TABLE position
  ADD COLUMN boot_id              text COLLATE "C",
  ADD COLUMN monotonic_ms         bigint,
  ADD COLUMN clock_trust          text COLLATE "C",
  ADD COLUMN clock_correction_ms  bigint;

ALTER TABLE reading
  ADD COLUMN boot_id              text COLLATE "C",
  ADD COLUMN monotonic_ms         bigint,
  ADD COLUMN clock_trust          text COLLATE "C",
  ADD COLUMN clock_correction_ms  bigint;

ALTER TABLE status
  ADD COLUMN boot_id              text COLLATE "C",
  ADD COLUMN monotonic_ms         bigint,
  ADD COLUMN clock_trust          text COLLATE "C",
  ADD COLUMN clock_correction_ms  bigint;

ALTER TABLE raw_event
  ADD COLUMN boot_id              text COLLATE "C",
  ADD COLUMN monotonic_ms         bigint,
  ADD COLUMN clock_trust          text COLLATE "C",
  ADD COLUMN clock_correction_ms  bigint;
