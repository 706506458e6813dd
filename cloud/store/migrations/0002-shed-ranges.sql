-- What a gateway gave up, a row a range: thinning makes tens of thousands in an epoch, and a commit is to read and
-- write only those around the batches that it applies (G7).

-- Sequence numbers that the gateway gave up or lost, and whose events are not in this database (G4). The ranges of an
-- epoch are disjoint, and each is as long as it can be: of two that touch, the reasons differ. So the rows are the
-- same in whatever order and cut they were told (G5).
--
--   gateway    whose
--   epoch      of which of its journals
--   first_seq  the range, both included
--   last_seq
--   reason     why, as the gateway said; shared/shed.ts has those that are known
CREATE TABLE shed_range (
  gateway    text COLLATE "C" NOT NULL,
  epoch      text COLLATE "C" NOT NULL,
  first_seq  bigint NOT NULL,
  last_seq   bigint NOT NULL CHECK (last_seq >= first_seq),
  reason     text COLLATE "C" NOT NULL,
  PRIMARY KEY (gateway, epoch, first_seq)
);

-- What was lost is few rows among very many, and asked for by itself.
CREATE INDEX shed_range_damaged ON shed_range (gateway, epoch, first_seq) WHERE reason = 'damaged';

-- The ranges that the epochs have, those of one reason that touch made one.
INSERT INTO shed_range (gateway, epoch, first_seq, last_seq, reason)
SELECT gateway, epoch, min(first), max(last), min(reason)
FROM (
  SELECT
    gateway, epoch, first, last, reason,
    count(*) FILTER (WHERE NOT goes_on) OVER (PARTITION BY gateway, epoch ORDER BY first) AS island
  FROM (
    SELECT
      gateway, epoch, first, last, reason,
      coalesce(lag(last) OVER neighbour = first - 1 AND lag(reason) OVER neighbour = reason, false) AS goes_on
    FROM gateway_epoch
    CROSS JOIN jsonb_to_recordset(shed) AS told (first bigint, last bigint, reason text)
    WINDOW neighbour AS (PARTITION BY gateway, epoch ORDER BY first)
  ) AS range
) AS range
GROUP BY gateway, epoch, island;

-- gateway_epoch, instead of applied and shed:
--
--   accounted    sequence numbers that are applied or shed: the ledger (G3). Nearly always one range, however much
--                is shed. Applied is what is in it and in no shed_range
--   shed_counts  {"reason": how many sequence numbers of shed_range}, none of them 0. Kept by the transaction that
--                writes shed_range: the accounts of all gateways are asked for every few seconds, and counting
--                would read every range each time
ALTER TABLE gateway_epoch RENAME COLUMN applied TO accounted;
ALTER TABLE gateway_epoch ADD COLUMN shed_counts jsonb NOT NULL DEFAULT '{}';

UPDATE gateway_epoch AS g
SET accounted = g.accounted + s.ranges
FROM (
  SELECT gateway, epoch, range_agg(int8range(first_seq, last_seq, '[]')) AS ranges
  FROM shed_range
  GROUP BY gateway, epoch
) AS s
WHERE g.gateway = s.gateway AND g.epoch = s.epoch;

UPDATE gateway_epoch AS g
SET shed_counts = s.counts
FROM (
  SELECT gateway, epoch, jsonb_object_agg(reason, count) AS counts
  FROM (
    SELECT gateway, epoch, reason, sum(last_seq - first_seq + 1)::bigint AS count
    FROM shed_range
    GROUP BY gateway, epoch, reason
  ) AS by_reason
  GROUP BY gateway, epoch
) AS s
WHERE g.gateway = s.gateway AND g.epoch = s.epoch;

ALTER TABLE gateway_epoch DROP COLUMN shed;
