/** Everything the gateway tells of itself: the only place where business events are logged. Nothing here throws. */
import { describe } from '#shared/errors.ts';
import type { Logger } from '#shared/logger.ts';

import type { LinkEvents, UplinkEvents } from './uplink/uplink.ts';

export type EdgeEvents = UplinkEvents & LinkEvents;

export function edgeEvents(log: Logger): EdgeEvents {
  return {
    connected: (server) => log.info({ server }, 'connected to NATS'),
    disconnected: (reason) => log.warn({ reason }, 'not connected to NATS: events are kept'),
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
    receiptApplied: (appliedCount) => log.debug({ appliedCount }, 'receipt'),
    streamBeganAgain: () => log.warn('the stream began again: what it lost is sent again'),
  };
}
