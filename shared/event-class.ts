import type { EventKind } from './event.ts';

/**
 * How much an event is worth when there is no room, least first: `telemetry` (positions, readings), `status`, `raw`,
 * and `custody` (scans).
 */
export const EVENT_CLASSES = ['telemetry', 'status', 'raw', 'custody'] as const;

export type EventClass = (typeof EVENT_CLASSES)[number];

export const CLASS_OF: Readonly<Record<EventKind, EventClass>> = {
  position: 'telemetry',
  reading: 'telemetry',
  status: 'status',
  raw: 'raw',
  scan: 'custody',
};
