/** What commands print: text of at most 80 columns for people, JSON for programs. */
import prettyBytes from 'pretty-bytes';

import type { Range } from '#shared/ranges.ts';
import { wrapText } from '#shared/wrap-text.ts';

import type { PlacedEvent } from './replay.ts';

const WIDTH = 80;
const PROBLEMS_SHOWN = 20;

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** Columns as wide as what is in them, the last one cut to what is left of 80. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => {
    const text = cells
      .map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
    return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
  };
  return [line(head), ...rows.map(line)].join('\n');
}

/** What is wrong, the first so many. */
export function printProblems(
  problems: readonly { readonly file: string; readonly what: string }[],
): void {
  for (const { file, what } of problems.slice(0, PROBLEMS_SHOWN))
    wrapText(what.startsWith(file) ? what : `${file}: ${what}`, { first: '! ', indent: 2 }).forEach(
      print,
    );
  const more = problems.length - PROBLEMS_SHOWN;
  if (more > 0) print(`! and ${more} more (--json names all)`);
}

/** `7`, `9-12`; the first few and how many more. */
export function rangesText(ranges: readonly Range[], max = 5): string {
  const shown = ranges
    .slice(0, max)
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
  const more = ranges.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

export function sizeText(bytes: number): string {
  return prettyBytes(bytes, { binary: true });
}

export function countText(count: number): string {
  return count.toLocaleString('en');
}

/** A time as people write it; one that no calendar holds as its number. */
export function timeText(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString();
}

/** What an event says in a few words. */
export function summaryOf({ event }: PlacedEvent): string {
  switch (event.kind) {
    case 'scan':
      return event.readPoint === undefined
        ? event.parcelId
        : `${event.parcelId} at ${event.readPoint}`;
    case 'position':
      return `${event.lat}, ${event.lon}`;
    case 'reading':
      return event.readings
        .map(({ name, value, unit }) => `${name} ${String(value)}${unit ?? ''}`)
        .join(', ');
    case 'status':
      return [
        event.online === undefined ? '' : event.online ? 'online' : 'offline',
        event.batteryPct === undefined ? '' : `battery ${event.batteryPct} %`,
      ]
        .filter((text) => text !== '')
        .join(', ');
    default:
      return `${event.topic}: ${event.reason}`;
  }
}

/** An event as one JSON line: times as people write them, bytes as base64. */
export function eventJson({ epoch, seq, event }: PlacedEvent): Record<string, unknown> {
  const { eventTimeMs, receiveTimeMs, ...fields } = event;
  const line = {
    epoch,
    seq,
    ...fields,
    eventTime: timeText(eventTimeMs),
    receiveTime: timeText(receiveTimeMs),
  };
  return event.kind === 'raw'
    ? { ...line, payload: Buffer.from(event.payload).toString('base64') }
    : line;
}
