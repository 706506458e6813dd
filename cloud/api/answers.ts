/** Parts that several answers have. */
import { z } from 'zod';

import {
  CLOCK_TRUSTS,
  PRESENCES,
  TIME_QUALITIES,
  type EventClock,
  type PositionEvent,
  type ScanEvent,
} from '#shared/event.ts';

import type { Completeness, StoredEvent } from './api.ts';

export const timeSchema = z.string().meta({ format: 'date-time' });

/** ISO 8601 with milliseconds. */
export function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

export const timeOrNullSchema = timeSchema.nullable();

export function timeOrNull(timeMs: number | null | undefined): string | null {
  return timeMs === null || timeMs === undefined ? null : timeOf(timeMs);
}

/** G12. */
export const completenessShape = {
  completeUntil: timeOrNullSchema.meta({
    description:
      'Every event that a gateway received before this is part of the answer; null while nothing can be said.',
  }),
  heldBackBy: z
    .array(
      z.strictObject({
        gateway: z.string(),
        site: z.string(),
        completeUntil: timeOrNullSchema,
      }),
    )
    .meta({
      description:
        'Gateways more than 15 s behind the one that is furthest; the furthest behind first, at most 100.',
    }),
};

const completenessSchema = z.strictObject(completenessShape);

export function completenessOf(completeness: Completeness): z.infer<typeof completenessSchema> {
  return {
    completeUntil: timeOrNull(completeness.completeUntilMs),
    heldBackBy: completeness.heldBackBy.map(({ gateway, site, completeUntilMs }) => ({
      gateway,
      site,
      completeUntil: timeOrNull(completeUntilMs),
    })),
  };
}

/** G10. */
const clockSchema = z.strictObject({
  trust: z.enum(CLOCK_TRUSTS).meta({
    description:
      'How far the clock was to be believed when the gateway took the event. synced: a time source had confirmed it in this boot; holdover: plausible, not confirmed; unset: known to be wrong.',
  }),
  correctedMs: z.int().meta({
    description: 'receiveTime is what the clock said plus this; 0 where it is what the clock said.',
  }),
  bootId: z.string().meta({
    description: "Which boot of the gateway's machine: 12 hexadecimal digits.",
  }),
});

function clockOrNull(clock: EventClock | undefined): z.infer<typeof clockSchema> | null {
  if (clock === undefined) return null;
  return { trust: clock.trust, correctedMs: clock.correctionMs ?? 0, bootId: clock.bootId };
}

const eventShape = {
  eventId: z.string().meta({ description: '`<gateway>:<epoch>:<seq>`' }),
  gateway: z.string(),
  site: z.string().optional(),
  deviceId: z.string(),
  eventTime: timeSchema,
  timeQuality: z.enum(TIME_QUALITIES),
  utcOffsetMin: z.number().optional(),
  receiveTime: timeSchema,
  clock: clockSchema.nullable().meta({
    description:
      "The gateway's clock, which receiveTime is by; null where the gateway did not tell.",
  }),
  recordedAt: timeSchema,
  attributes: z.record(z.string(), z.string()).optional(),
};

export const scanSchema = z.strictObject({
  kind: z.literal('scan'),
  ...eventShape,
  data: z.string(),
  parcelId: z.string(),
  symbology: z.string().optional(),
  readPoint: z.string().optional(),
  operator: z.string().optional(),
  action: z.string().optional(),
  deviceSeq: z.number().optional(),
  location: z.string().optional(),
  bizStep: z.string().optional().meta({
    description: "What a scan at this read point means, by the gateway's configuration.",
  }),
  antenna: z.number().optional(),
  rssiDbm: z.number().optional(),
  readCount: z.number().optional(),
  presence: z.enum(PRESENCES).optional().meta({
    description:
      'Of a scan that stands for many reads: enter is the first of them, exit the last one before the thing was gone.',
  }),
  firstSeen: timeSchema.optional().meta({
    description: 'Of an exit: when the thing was read first; eventTime is when it was read last.',
  }),
});

export const positionSchema = z.strictObject({
  kind: z.literal('position'),
  ...eventShape,
  lat: z.number(),
  lon: z.number(),
  speedKmh: z.number().optional(),
  headingDeg: z.number().optional(),
  altitudeM: z.number().optional(),
  accuracyM: z.number().optional(),
  satellites: z.number().optional(),
  hdop: z.number().optional(),
  valid: z.boolean().optional().meta({ description: 'What the device itself thinks of the fix.' }),
});

type EventAnswer<E> = Omit<E, 'eventTimeMs' | 'receiveTimeMs' | 'firstSeenMs' | 'clock'> & {
  readonly eventId: string;
  readonly gateway: string;
  readonly site?: string;
  readonly eventTime: string;
  readonly receiveTime: string;
  readonly firstSeen?: string;
  readonly clock: z.infer<typeof clockSchema> | null;
  readonly recordedAt: string;
};

export function eventOf<E extends ScanEvent | PositionEvent>({
  event,
  gateway,
  epoch,
  seq,
  site,
  recordedAtMs,
}: StoredEvent<E>): EventAnswer<E> {
  const { eventTimeMs, receiveTimeMs, clock, firstSeenMs, ...rest }: E & { firstSeenMs?: number } =
    event;
  return {
    eventId: `${gateway}:${epoch}:${seq}`,
    gateway,
    ...(site === undefined ? {} : { site }),
    eventTime: timeOf(eventTimeMs),
    receiveTime: timeOf(receiveTimeMs),
    clock: clockOrNull(clock),
    recordedAt: timeOf(recordedAtMs),
    ...(firstSeenMs === undefined ? {} : { firstSeen: timeOf(firstSeenMs) }),
    ...rest,
  };
}
