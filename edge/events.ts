/** Everything the gateway tells of itself: the only place where business events are logged. Nothing here throws. */
import { describe } from '#shared/errors.ts';
import type { Logger } from '#shared/logger.ts';

import type { ClockEvents } from './clock/clock.ts';
import type { FilterEvents } from './filter/filter.ts';
import { REFUSALS, type BrokerEvents, type IngestEvents } from './ingest/ingest.ts';
import type { JournalEvents } from './journal/journal.ts';
import type { StatusEvents } from './status/status.ts';
import type { LinkEvents, UplinkEvents } from './uplink/uplink.ts';

export type EdgeEvents = ClockEvents &
  IngestEvents &
  BrokerEvents &
  FilterEvents &
  JournalEvents &
  UplinkEvents &
  LinkEvents &
  StatusEvents;

export function edgeEvents(log: Logger): EdgeEvents {
  let lastReason: string | undefined;
  return {
    clockFound: (reading) => {
      if (reading.trust === 'unset')
        log.warn(reading, 'the clock is not set: times are corrected when it is');
      else log.info(reading, 'clock');
    },
    clockStepped: (step) => log.warn(step, 'the clock was set'),
    clockTrustChanged: (from, to) => {
      if (to === 'unset') log.warn({ from, to }, 'the clock is not to be believed');
      else log.info({ from, to }, 'the clock is believed otherwise than before');
    },
    deviceConnected: (peer) => log.debug(peer, 'device connected'),
    deviceDisconnected: (peer) => log.debug(peer, 'device disconnected'),
    deviceRefused: (peer, refusal, detail) =>
      log.warn({ ...peer, refusal, detail }, `device refused: ${REFUSALS[refusal]}`),
    ackWithheld: (peer, error) =>
      log.error({ ...peer, code: error.code, reason: describe(error) }, 'message not acknowledged'),
    ingestFailed: (error) => log.error({ reason: describe(error) }, 'ingest failed'),
    ...brokerEvents(log),
    ruleFaulted: (rule, reason, count) =>
      log.warn({ rule, reason, count }, 'a condition could not be answered: the events were kept'),
    connected: (server) => {
      lastReason = undefined;
      log.info({ server }, 'connected to NATS');
    },
    disconnected: (reason) => {
      // It is tried again for ever: a change is news, the same again is not.
      if (reason !== lastReason) log.warn({ reason }, 'not connected to NATS: events are kept');
      lastReason = reason;
    },
    receiptUnreadable: (reason) => log.warn({ reason }, 'receipt ignored'),
    batchStored: ({ firstSeq, lastSeq }) => log.debug({ firstSeq, lastSeq }, 'batch stored'),
    batchRefused: ({ firstSeq, lastSeq }, error, retryMs) => {
      const facts = {
        firstSeq,
        lastSeq,
        code: error.code,
        reason: describe(error),
        retryMs: Math.round(retryMs),
      };
      if (error.kind === 'stop')
        log.error(facts, 'the stream refuses a batch: an operator is needed');
      else log.info(facts, 'batch not stored, will be tried again');
    },
    batchUnreadable: (firstSeq, error, retryMs) => {
      const facts = { firstSeq, reason: describe(error), retryMs };
      if (retryMs === 0) log.warn(facts, 'the journal is damaged: it is repaired');
      else log.error(facts, 'the journal cannot be read: a person is needed');
    },
    journalDamaged: (report) =>
      log.error(
        { ...report },
        'the journal was damaged: what is known to be lost is told to the cloud',
      ),
    journalShed: (what) => log.warn(what, 'events were given up for want of room'),
    journalFull: (isFull, reason) => {
      if (isFull) log.error({ reason }, 'the journal is full: messages are not acknowledged');
      else log.info('the journal has room again: messages are acknowledged');
    },
    receiptApplied: (appliedCount) => log.debug({ appliedCount }, 'receipt'),
    statusUnavailable: (error) =>
      log.error(
        { reason: describe(error) },
        'the status is not served: nobody can ask this gateway how it stands',
      ),
    streamBeganAgain: () => log.warn('the stream began again: what it lost is sent again'),
  };
}

function brokerEvents(log: Logger): BrokerEvents {
  return {
    brokerConnected: (broker, isResumed) =>
      log.info({ broker, isResumed }, "connected to the depot's broker"),
    brokerLost: (broker, reason, retryMs) =>
      log.warn({ broker, reason, retryMs }, "not connected to the depot's broker: tried again"),
    brokerRefused: (broker, reason) =>
      log.error({ broker, reason }, "the depot's broker refuses us: a person is needed"),
  };
}
