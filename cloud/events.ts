/** Everything the cloud side tells of itself: the only place where business events are logged. Nothing here throws. */
import type { Logger } from '#shared/logger.ts';

import type { ConsolidatorEvents, LedgerEvents } from './consolidate/consolidate.ts';

export type CloudEvents = ConsolidatorEvents &
  LedgerEvents & {
    listening(host: string, port: number): void;
  };

export function cloudEvents(log: Logger): CloudEvents {
  return {
    applied: (eventCount, messageCount) => log.debug({ eventCount, messageCount }, 'applied'),
    poisoned: (gateway, streamSeq, reason) =>
      log.error({ gateway, streamSeq, reason }, 'batch set aside in TALLY_DLQ'),
    waiting: (error, retryMs) =>
      log.warn(
        { code: error.code, reason: error.message, retryMs: Math.round(retryMs) },
        'not consolidating: will try again',
      ),
    ignoredQuestions: (count, reason) =>
      log.warn({ count, reason }, 'questions about a ledger ignored'),
    notAnswering: (error, retryMs) =>
      log.warn(
        { code: error.code, reason: error.message, retryMs },
        'not answering questions about ledgers: will try again',
      ),
    listening: (host, port) => log.info({ host, port }, 'API listening'),
  };
}
