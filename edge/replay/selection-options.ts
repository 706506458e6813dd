/** `--since`, `--until`, `--device`, `--kind`, `--parcel`: which events, as a person says it. */
import { InvalidArgumentError, Option, type Command } from 'commander';

import { systemClock } from '#shared/clock.ts';
import { EVENT_KINDS, type EventKind } from '#shared/event.ts';

import type { Selection } from './replay.ts';

export type SelectionOptions = {
  readonly since?: number;
  readonly until?: number;
  readonly device?: readonly string[];
  readonly kind?: readonly EventKind[];
  readonly parcel?: readonly string[];
};

export function withSelection(command: Command): Command {
  return command
    .option(
      '--since <TIME>',
      'events that happened at this time or later (ISO 8601, or 2h, 3d ago)',
      timeOf,
    )
    .option('--until <TIME>', 'events that happened before this time', timeOf)
    .option('--device <ID...>', 'events of these devices')
    .addOption(new Option('--kind <KIND...>', 'events of these kinds').choices(EVENT_KINDS))
    .option('--parcel <ID...>', 'scans of these parcels');
}

export function selectionOf(options: SelectionOptions): Selection {
  return {
    sinceMs: options.since,
    untilMs: options.until,
    devices: new Set(options.device),
    kinds: new Set(options.kind),
    parcels: new Set(options.parcel),
  };
}

const AGO = /^(\d+)([mhd])$/u;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export function timeOf(text: string): number {
  const [, count, unit = ''] = AGO.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (count !== undefined && unitMs !== undefined)
    return systemClock.now() - Number(count) * unitMs;
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs))
    throw new InvalidArgumentError(
      'expected a time as 2026-11-23T08:00:00Z, or how long ago as 90m, 2h, 3d',
    );
  return timeMs;
}
