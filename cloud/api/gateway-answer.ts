/** What the API says of a gateway and of its epochs (G4, G12). */
import { z } from 'zod';

import { accountsOf, isClosed } from '../store/accounts.ts';
import type { Gateway, HeardEpoch } from '../store/gateways.ts';
import { accountedTo, missingRanges } from '../store/ledger.ts';
import { timeOf, timeOrNull, timeOrNullSchema, timeSchema } from './answers.ts';

const MISSING_MAX = 1000;

const countsSchema = z.record(z.string(), z.int());

const accountsShape = {
  accounts: z
    .strictObject({
      received: z.int(),
      delivered: z.int(),
      filtered: countsSchema.meta({ description: 'By rule.' }),
      shed: countsSchema.meta({ description: 'By reason.' }),
      pending: z.int(),
    })
    .meta({
      description:
        'received = delivered + filtered + shed + pending, once the gateway has told all.',
    }),
  closed: z.boolean().meta({ description: 'Every event is accounted for and none is pending.' }),
};

export const epochSchema = z.strictObject({
  epoch: z.string(),
  site: z.string(),
  ...accountsShape,
  headSeq: z.int().meta({ description: 'The highest sequence number heard of.' }),
  stored: z.int().meta({ description: 'Events that the gateway knows a JetStream has.' }),
  applied: z.int().meta({ description: '1 to this are delivered or shed.' }),
  missing: z.array(z.strictObject({ first: z.int(), last: z.int() })).meta({
    description: `Sequence numbers up to headSeq that are neither delivered nor shed; the first ${MISSING_MAX} ranges.`,
  }),
  lowWatermark: timeOrNullSchema.meta({
    description:
      'The newest claim: of what was received before this, nothing but what is missing is to come.',
  }),
  completeUntil: timeOrNullSchema,
  firstHeard: timeSchema,
  lastHeard: timeSchema,
});

export const gatewaySchema = z.strictObject({
  gateway: z.string(),
  site: z.string(),
  epoch: z.string().meta({ description: 'The current one: that with the newest claim.' }),
  ...accountsShape,
  completeUntil: timeOrNullSchema.meta({
    description: 'The least over the epochs that are not complete, and the current.',
  }),
  lowWatermark: timeOrNullSchema,
  lastHeard: timeSchema,
});

export function gatewayOf({
  gateway,
  site,
  epoch,
  completeUntilMs,
  epochs,
}: Gateway): z.infer<typeof gatewaySchema> {
  const current = epochs.find((each) => each.epoch === epoch);
  return {
    gateway,
    site,
    epoch,
    ...accountsAnswer(epochs),
    completeUntil: timeOrNull(completeUntilMs),
    lowWatermark: current === undefined ? null : lowWatermarkOf(current),
    lastHeard: timeOf(Math.max(...epochs.map((each) => each.lastHeardMs))),
  };
}

export function epochAnswer(epoch: HeardEpoch): z.infer<typeof epochSchema> {
  return {
    epoch: epoch.epoch,
    site: epoch.site,
    ...accountsAnswer([epoch]),
    headSeq: epoch.headSeq,
    stored: epoch.stored,
    applied: accountedTo(epoch),
    missing: missingRanges(epoch)
      .slice(0, MISSING_MAX)
      .map(([first, last]) => ({ first, last })),
    lowWatermark: lowWatermarkOf(epoch),
    completeUntil: timeOrNull(epoch.completeUntilMs),
    firstHeard: timeOf(epoch.firstHeardMs),
    lastHeard: timeOf(epoch.lastHeardMs),
  };
}

function accountsAnswer(
  epochs: readonly HeardEpoch[],
): Pick<z.infer<typeof gatewaySchema>, 'accounts' | 'closed'> {
  const accounts = accountsOf(epochs);
  return {
    accounts: { ...accounts, filtered: { ...accounts.filtered }, shed: { ...accounts.shed } },
    closed: isClosed(accounts),
  };
}

function lowWatermarkOf({ claim }: HeardEpoch): string | null {
  return claim.seq === 0 ? null : timeOf(claim.timeMs);
}
