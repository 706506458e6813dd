/** What the API says of a gateway and of its epochs (G4, G12). */
import { z } from 'zod';

import { LOST_REASON, SHED_REASONS } from '#shared/shed.ts';

import { timeOf, timeOrNull, timeOrNullSchema, timeSchema } from './answers.ts';
import { type Accounts, type FullEpoch, type Gateway, LIMITS } from './api.ts';

const countsSchema = z.record(z.string(), z.int().nonnegative());

const accountsShape = {
  accounts: z
    .strictObject({
      received: z.int().nonnegative(),
      delivered: z.int().nonnegative(),
      filtered: countsSchema.meta({ description: 'By rule.' }),
      shed: countsSchema.meta({
        description: `By reason: ${SHED_REASONS.join(', ')}, or another one that a newer gateway has.`,
      }),
      pending: z.int().nonnegative(),
    })
    .meta({
      description:
        'received = delivered + filtered + shed + pending, once the gateway has told all.',
    }),
  closed: z.boolean().meta({ description: 'Every event is accounted for and none is pending.' }),
};

const shedRangesSchema = z.array(
  z.strictObject({
    first: z.int().nonnegative(),
    last: z.int().nonnegative(),
    reason: z.string(),
  }),
);

export const epochSchema = z.strictObject({
  epoch: z.string(),
  site: z.string(),
  ...accountsShape,
  headSeq: z.int().nonnegative().meta({ description: 'The highest sequence number heard of.' }),
  stored: z
    .int()
    .nonnegative()
    .meta({ description: 'Events that are known to be in JetStream, or beyond.' }),
  applied: z.int().nonnegative().meta({ description: '1 to this are delivered or shed.' }),
  missing: z
    .array(z.strictObject({ first: z.int().nonnegative(), last: z.int().nonnegative() }))
    .meta({
      description: `Sequence numbers up to headSeq that are neither delivered nor shed; the first ${LIMITS.missingMax} ranges.`,
    }),
  shedRanges: shedRangesSchema.meta({
    description: `Sequence numbers that the gateway gave up or lost, and why, ascending; the first ${LIMITS.shedRangesMax} ranges. \`accounts.shed\` counts all.`,
  }),
  lost: shedRangesSchema.meta({
    description: `Of these, what the gateway's disk lost (${LOST_REASON}), ascending; the first ${LIMITS.shedRangesMax} ranges.`,
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

export function gatewayAnswer(gateway: Gateway): z.infer<typeof gatewaySchema> {
  const { epochs } = gateway;
  return {
    gateway: gateway.gateway,
    site: gateway.site,
    epoch: gateway.epoch,
    ...accountsAnswer(gateway.accounts),
    completeUntil: timeOrNull(gateway.completeUntilMs),
    lowWatermark: timeOrNull(epochs[0]?.lowWatermarkMs),
    lastHeard: timeOf(Math.max(...epochs.map(({ lastHeardMs }) => lastHeardMs))),
  };
}

export function epochAnswer(epoch: FullEpoch): z.infer<typeof epochSchema> {
  return {
    epoch: epoch.epoch,
    site: epoch.site,
    ...accountsAnswer(epoch.accounts),
    headSeq: epoch.headSeq,
    // The gateway's word is as old as its last batch; what is applied was stored.
    stored: Math.max(epoch.stored, epoch.accounts.delivered),
    applied: epoch.accountedTo,
    missing: epoch.missing.slice(0, LIMITS.missingMax).map(([first, last]) => ({ first, last })),
    shedRanges: [...epoch.shedRanges],
    lost: [...epoch.lost],
    lowWatermark: timeOrNull(epoch.lowWatermarkMs),
    completeUntil: timeOrNull(epoch.completeUntilMs),
    firstHeard: timeOf(epoch.firstHeardMs),
    lastHeard: timeOf(epoch.lastHeardMs),
  };
}

function accountsAnswer(
  accounts: Accounts,
): Pick<z.infer<typeof gatewaySchema>, 'accounts' | 'closed'> {
  const { filtered, shed } = accounts;
  return {
    accounts: { ...accounts, filtered: { ...filtered }, shed: { ...shed } },
    closed: isClosed(accounts),
  };
}

function isClosed({ received, delivered, filtered, shed, pending }: Accounts): boolean {
  const removed = [...Object.values(filtered), ...Object.values(shed)];
  const accountedFor = removed.reduce((sum, count) => sum + count, delivered + pending);
  return received === accountedFor && pending === 0;
}
