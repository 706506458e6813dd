-- The read model.
--
-- Text that identifies is compared byte by byte (COLLATE "C"): the same order on every server. Numbers that a
-- device sent are double precision, what the device's JSON was read as. Times are kept to the microsecond and
-- written with whole milliseconds; a time that no calendar holds is kept as the nearest that one does.
--
-- The timeline's order is (order_time, gateway, epoch, seq). It is total, so the order of arrival changes
-- nothing (G5). Each table's primary key begins with what is asked for, goes on in this order, and refuses an
-- event that is already there (G3).

-- The ledger and the accounts of one journal, as far as the cloud has heard.
--
--   gateway         which gateway
--   epoch           which of its journals; sequence numbers count from 1 within it
--   site            the depot, as the gateway says
--   applied         sequence numbers whose events are in this database: the ledger (G3); a year is a few ranges
--   shed            [{"first", "last", "reason"}]: sequence numbers that the gateway gave up and that are not
--                   applied; ascending, disjoint (G4)
--   head_seq        the highest sequence number heard of
--   accounted_to    1 to accounted_to are applied or shed, accounted_to + 1 is not
--   received        events that came out of decode, as last told
--   filtered        {"rule": events it removed}, as last told
--   stored          events the gateway kept and knows a JetStream has, as last told
--   claim_seq       the gateway's newest claim: every event that it received before claim_time has a sequence
--   claim_time      number below claim_seq (G12); 0 and null before the first
--   complete_until  the latest claim_time that has come true; null before the first; only ever rises (G12)
--   first_heard     when this row was made
--   last_heard      when it was last written
--   version         how many times it was written
CREATE TABLE gateway_epoch (
  gateway         text COLLATE "C" NOT NULL,
  epoch           text COLLATE "C" NOT NULL,
  site            text COLLATE "C" NOT NULL,
  applied         int8multirange NOT NULL DEFAULT '{}',
  shed            jsonb NOT NULL DEFAULT '[]',
  head_seq        bigint NOT NULL DEFAULT 0,
  accounted_to    bigint NOT NULL DEFAULT 0,
  received        bigint NOT NULL DEFAULT 0,
  filtered        jsonb NOT NULL DEFAULT '{}',
  stored          bigint NOT NULL DEFAULT 0,
  claim_seq       bigint NOT NULL DEFAULT 0,
  claim_time      timestamptz,
  complete_until  timestamptz,
  first_heard     timestamptz NOT NULL DEFAULT now(),
  last_heard      timestamptz NOT NULL DEFAULT now(),
  version         bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (gateway, epoch)
) WITH (fillfactor = 50); -- written by every commit: room for the next version on the same page

-- How complete each gateway is (G12).
--
--   gateway         which
--   epoch           its current journal: the one with the newest claim
--   site            the current journal's
--   complete_until  the least over its journals, null where one of them has no claim that came true; a journal
--                   that is not the current one and of which nothing is missing has nothing more to say
CREATE VIEW gateway_completeness AS
SELECT
  gateway,
  max(epoch) FILTER (WHERE is_current) AS epoch,
  max(site) FILTER (WHERE is_current) AS site,
  CASE WHEN bool_and(complete_until IS NOT NULL) THEN min(complete_until) END AS complete_until
FROM (
  SELECT
    gateway, epoch, site, complete_until,
    accounted_to >= head_seq AS is_whole,
    row_number() OVER (PARTITION BY gateway ORDER BY claim_time DESC NULLS LAST, epoch DESC) = 1 AS is_current
  FROM gateway_epoch
) AS journal
WHERE is_current OR NOT is_whole
GROUP BY gateway;

-- What is done of a stream.
--
--   stream       its name
--   incarnation  when it was made, as the server says it: a stream that was made again is another one
--   processed    sequence numbers of the stream whose messages are dealt with
CREATE TABLE stream_cursor (
  stream       text COLLATE "C" NOT NULL,
  incarnation  text COLLATE "C" NOT NULL,
  processed    int8multirange NOT NULL DEFAULT '{}',
  PRIMARY KEY (stream, incarnation)
) WITH (fillfactor = 50);

-- Every event has:
--
--   gateway         the gateway that kept it, the journal, and its place there: together the event's id
--   epoch
--   seq
--   device_id       the device that published it
--   order_time      where it stands in the timeline: event_time, or receive_time where that is implausible
--   event_time      when it happened
--   time_quality    device: event_time is the device's; receive: it is receive_time; implausible: the device's,
--                   and not to be believed
--   utc_offset_min  minutes east of UTC that the device wrote with its time; null where it wrote none
--   receive_time    when the gateway took it, by the gateway's clock
--   recorded_at     when it was written here
--   attributes      {"name": "text"} of the payload's other fields; null where there are none

-- A label was read.
--
--   parcel_id       the identifier on the label, normalised (shared/parcel-id.ts); one of more than 128
--                   characters is sha256: and the hash of its UTF-8, which an index can hold
--   long_parcel_id  the identifier where parcel_id is its hash, else null
--   data            what the label said, untouched
--   symbology       how the label is printed, as the device names it
--   read_point      where in the depot
--   operator        who read it
--   action          what for
--   device_seq      the device's own counter
CREATE TABLE scan (
  gateway         text COLLATE "C" NOT NULL,
  epoch           text COLLATE "C" NOT NULL,
  seq             bigint NOT NULL,
  device_id       text COLLATE "C" NOT NULL,
  order_time      timestamptz NOT NULL,
  event_time      timestamptz NOT NULL,
  time_quality    text COLLATE "C" NOT NULL,
  utc_offset_min  double precision,
  receive_time    timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  attributes      jsonb,
  parcel_id       text COLLATE "C" NOT NULL,
  long_parcel_id  text COLLATE "C",
  data            text COLLATE "C" NOT NULL,
  symbology       text COLLATE "C",
  read_point      text COLLATE "C",
  operator        text COLLATE "C",
  action          text COLLATE "C",
  device_seq      double precision,
  PRIMARY KEY (parcel_id, order_time, gateway, epoch, seq)
);

-- A vehicle was somewhere; device_id is the vehicle.
--
--   lat, lon      degrees, WGS 84
--   speed_kmh     speed over ground
--   heading_deg   clockwise from north
--   altitude_m    above sea level, as the device has it
--   accuracy_m    radius
--   satellites    in use
--   hdop          horizontal dilution of precision
CREATE TABLE position (
  gateway         text COLLATE "C" NOT NULL,
  epoch           text COLLATE "C" NOT NULL,
  seq             bigint NOT NULL,
  device_id       text COLLATE "C" NOT NULL,
  order_time      timestamptz NOT NULL,
  event_time      timestamptz NOT NULL,
  time_quality    text COLLATE "C" NOT NULL,
  utc_offset_min  double precision,
  receive_time    timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  attributes      jsonb,
  lat             double precision NOT NULL,
  lon             double precision NOT NULL,
  speed_kmh       double precision,
  heading_deg     double precision,
  altitude_m      double precision,
  accuracy_m      double precision,
  satellites      double precision,
  hdop            double precision,
  PRIMARY KEY (device_id, order_time, gateway, epoch, seq)
);

-- A device measured.
--
--   readings  [{"name", "value", "unit"?}], at least one; value is a number, a text or a boolean
CREATE TABLE reading (
  gateway         text COLLATE "C" NOT NULL,
  epoch           text COLLATE "C" NOT NULL,
  seq             bigint NOT NULL,
  device_id       text COLLATE "C" NOT NULL,
  order_time      timestamptz NOT NULL,
  event_time      timestamptz NOT NULL,
  time_quality    text COLLATE "C" NOT NULL,
  utc_offset_min  double precision,
  receive_time    timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  attributes      jsonb,
  readings        jsonb NOT NULL,
  PRIMARY KEY (device_id, order_time, gateway, epoch, seq)
);

-- A device spoke of itself.
--
--   online       whether it is; null where it did not say
--   battery_pct  charge; null where it did not say
CREATE TABLE status (
  gateway         text COLLATE "C" NOT NULL,
  epoch           text COLLATE "C" NOT NULL,
  seq             bigint NOT NULL,
  device_id       text COLLATE "C" NOT NULL,
  order_time      timestamptz NOT NULL,
  event_time      timestamptz NOT NULL,
  time_quality    text COLLATE "C" NOT NULL,
  utc_offset_min  double precision,
  receive_time    timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  attributes      jsonb,
  online          boolean,
  battery_pct     double precision,
  PRIMARY KEY (device_id, order_time, gateway, epoch, seq)
);

-- A message that nobody understood; device_id is empty where the device is unknown.
--
--   reason   which field, and what was expected
--   topic    where it was published
--   payload  its bytes
CREATE TABLE raw_event (
  gateway         text COLLATE "C" NOT NULL,
  epoch           text COLLATE "C" NOT NULL,
  seq             bigint NOT NULL,
  device_id       text COLLATE "C" NOT NULL,
  order_time      timestamptz NOT NULL,
  event_time      timestamptz NOT NULL,
  time_quality    text COLLATE "C" NOT NULL,
  utc_offset_min  double precision,
  receive_time    timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL DEFAULT now(),
  attributes      jsonb,
  reason          text COLLATE "C" NOT NULL,
  topic           text COLLATE "C" NOT NULL,
  payload         bytea NOT NULL,
  PRIMARY KEY (gateway, epoch, seq)
);
