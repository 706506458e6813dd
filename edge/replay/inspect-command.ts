/** `tally replay inspect`: what is in a journal. */
import { Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';

import { EVENT_KINDS, type Event, type EventKind } from '#shared/event.ts';
import { RangeSet, type Range } from '#shared/ranges.ts';

import { numbersIn } from '../journal/image-accounts.ts';
import { stretchesOf, type EpochStretch } from '../journal/image-stretches.ts';
import {
  epochFindings,
  readJournalImage,
  type JournalImage,
  type SegmentFindings,
} from '../journal/journal-image.ts';
import {
  countText,
  eventJson,
  print,
  printJson,
  printProblems,
  sizeText,
  summaryOf,
  table,
  timeText,
} from './output.ts';
import { startProgress } from './progress.ts';
import { EXIT_FINDINGS, isSelected, type PlacedEvent, type Selection } from './replay.ts';
import { selectionOf, withSelection, type SelectionOptions } from './selection-options.ts';

const FORMATS = ['table', 'jsonl', 'csv'] as const;
const READ = { eventsMax: 8192, bytesMax: 16 * 1024 * 1024, declareLost: false } as const;
const DEVICES_SHOWN = 4;

type InspectOptions = SelectionOptions & {
  readonly events?: boolean;
  readonly format: (typeof FORMATS)[number];
  readonly json?: boolean;
};

export function inspectCommand(): Command {
  const command = new Command('inspect')
    .description(
      'say what is in a journal: epochs, ranges, times, devices, what the cloud has of it',
    )
    .argument('<JOURNAL>', 'the journal directory: of a running gateway, a copy, or a mounted card')
    .option('--events', 'list the events themselves')
    .addOption(
      new Option('--format <FORMAT>', 'how to list them').choices(FORMATS).default('table'),
    )
    .option('--json', 'for a program: one JSON document; with --events one line each');
  return withSelection(command)
    .addHelpText(
      'after',
      `
Nothing below the directory is changed, so this is safe beside a running gateway.
What the cloud has is what this copy had heard of when it was written.
Exit codes: 0 done, 3 done and something is damaged, 1 not done: the message says why.

Examples:
  tally replay inspect /mnt/card/tally-edge/journal
  tally replay inspect journal --events --since 2h --kind scan
  tally replay inspect journal --events --parcel 047129788924872741 --format csv`,
    )
    .action((directory: string, options: InspectOptions) => inspect(directory, options));
}

function inspect(directory: string, options: InspectOptions): void {
  const image = readJournalImage(directory);
  const selection = selectionOf(options);
  if (options.events === true) {
    listEvents(image, selection, options.json === true ? 'jsonl' : options.format);
    return;
  }
  const summary = summarise(image, selection, options.json === true);
  if (options.json === true) printJson(summary);
  else printSummary(image, summary);
  if (summary.problems.length > 0) process.exitCode = EXIT_FINDINGS;
}

function* placed({ epoch, firstSeq, events, shed }: EpochStretch): Generator<PlacedEvent> {
  let seq = firstSeq;
  let tomb = 0;
  for (const event of events) {
    for (let next = shed[tomb]; next !== undefined && next.first <= seq; next = shed[++tomb])
      seq = next.last + 1;
    yield { epoch, seq: seq++, event };
  }
}

function listEvents(
  image: JournalImage,
  selection: Selection,
  format: (typeof FORMATS)[number],
): void {
  if (format === 'table') print(row(['seq', 'time', 'device', 'kind'], 'what'));
  let count = 0;
  if (format === 'csv')
    process.stdout.write(
      stringify([['epoch', 'seq', 'eventTime', 'receiveTime', 'device', 'kind', 'what']]),
    );
  for (const stretch of stretchesOf(image, READ)) {
    for (const each of placed(stretch)) {
      if (!isSelected(each.event, selection)) continue;
      count++;
      if (format === 'jsonl') printJson(eventJson(each));
      else if (format === 'csv') process.stdout.write(csvLine(each));
      else print(tableLine(each));
    }
  }
  if (format === 'table' && count === 0) print('No event matches.');
}

function tableLine(each: PlacedEvent): string {
  const { deviceId, kind, eventTimeMs } = each.event;
  const time = timeText(eventTimeMs).replace(/\.\d{3}Z$/u, 'Z');
  return row([String(each.seq), time, deviceId, kind], summaryOf(each));
}

function row(cells: readonly [string, string, string, string], what: string): string {
  const [seq, time, device, kind] = cells;
  const place = `${seq.padStart(9)}  ${time.padEnd(20)}  ${printable(device).slice(0, 14).padEnd(14)}`;
  const text = `${place} ${kind.padEnd(8)} ${printable(what)}`;
  // A program, or a file, has room for all of it.
  return text.length <= 80 || !process.stdout.isTTY ? text.trimEnd() : `${text.slice(0, 79)}…`;
}

/** A label may hold anything; a terminal must not obey it. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/gu, '·');
}

/** A spreadsheet must not take a label for a formula. */
function csvLine(each: PlacedEvent): string {
  const { deviceId, kind, eventTimeMs, receiveTimeMs } = each.event;
  const cells = [
    each.epoch,
    each.seq,
    timeText(eventTimeMs),
    timeText(receiveTimeMs),
    deviceId,
    kind,
    summaryOf(each),
  ];
  return stringify([cells], { escape_formulas: true });
}

type EpochSummary = {
  readonly epoch: string;
  readonly firstSeq: number;
  readonly headSeq: number;
  readonly filtered: Readonly<Record<string, number>>;
  readonly applied: number;
  readonly stored: number;
  readonly events: number;
  readonly shed: Readonly<Record<string, number>>;
  readonly lost: readonly Range[];
};

type Summary = {
  readonly directory: string;
  readonly site: string | undefined;
  readonly gateway: string | undefined;
  readonly bytes: number;
  readonly segments: number;
  readonly epochs: readonly EpochSummary[];
  readonly selected: {
    readonly events: number;
    readonly kinds: Readonly<Record<EventKind, number>>;
    readonly devices: Readonly<Record<string, number>>;
    readonly firstTime: string | null;
    readonly lastTime: string | null;
  };
  readonly problems: readonly { readonly file: string; readonly what: string }[];
};

class SelectedEvents {
  readonly kinds = Object.fromEntries(EVENT_KINDS.map((kind) => [kind, 0])) as Record<
    EventKind,
    number
  >;
  readonly devices = new Map<string, number>();
  count = 0;
  firstMs = Number.POSITIVE_INFINITY;
  lastMs = Number.NEGATIVE_INFINITY;

  add(event: Event): void {
    this.count++;
    this.kinds[event.kind]++;
    this.devices.set(event.deviceId, (this.devices.get(event.deviceId) ?? 0) + 1);
    this.firstMs = Math.min(this.firstMs, event.eventTimeMs);
    this.lastMs = Math.max(this.lastMs, event.eventTimeMs);
  }
}

function summarise(image: JournalImage, selection: Selection, quiet: boolean): Summary {
  const found: SegmentFindings[] = [];
  const selected = new SelectedEvents();
  const counts = new Map<string, { events: number; shed: Record<string, number> }>();
  let read = 0;
  using progress = startProgress({
    what: 'reading',
    unit: 'events',
    total: numbersIn(image),
    quiet,
  });
  const onSegment = (segment: SegmentFindings): void => {
    found.push({ ...segment, blocks: segment.blocks.slice(-1) });
  };
  for (const stretch of stretchesOf(image, { ...READ, onSegment })) {
    const count = counts.get(stretch.epoch) ?? { events: 0, shed: {} };
    counts.set(stretch.epoch, count);
    count.events += stretch.events.length;
    read += stretch.lastSeq - stretch.firstSeq + 1;
    progress.update(read, `segment ${found.length} of ${image.segments.length}`);
    for (const { first, last, reason } of stretch.shed)
      count.shed[reason] = (count.shed[reason] ?? 0) + last - first + 1;
    for (const event of stretch.events) if (isSelected(event, selection)) selected.add(event);
  }
  const byEpoch = Map.groupBy(found, ({ name }) => name.epoch);
  return {
    directory: image.directory,
    site: image.site,
    gateway: image.gateway,
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    segments: found.length,
    epochs: [...byEpoch].map(([epoch, segments]) =>
      summariseEpoch(image, epoch, segments, counts.get(epoch)),
    ),
    selected: {
      events: selected.count,
      kinds: selected.kinds,
      devices: Object.fromEntries([...selected.devices].sort(([, a], [, b]) => b - a)),
      firstTime: selected.count === 0 ? null : timeText(selected.firstMs),
      lastTime: selected.count === 0 ? null : timeText(selected.lastMs),
    },
    problems: [...image.problems, ...found.flatMap(({ problems }) => problems)],
  };
}

function summariseEpoch(
  image: JournalImage,
  epoch: string,
  segments: readonly SegmentFindings[],
  count: { events: number; shed: Record<string, number> } | undefined,
): EpochSummary {
  const last = segments.at(-1);
  if (last === undefined) throw new RangeError('an epoch has a segment');
  const { headSeq, applied, stored, filtered } = epochFindings(image, epoch, last);
  const lost = RangeSet.of(segments.flatMap((segment) => segment.lost));
  return {
    epoch,
    firstSeq: segments[0]?.firstSeq ?? 1,
    headSeq,
    filtered: JSON.parse(filtered) as Record<string, number>,
    applied: applied.size,
    stored: stored.size,
    events: count?.events ?? 0,
    shed: count?.shed ?? {},
    lost: [...lost],
  };
}

function printSummary({ directory }: JournalImage, summary: Summary): void {
  const { selected } = summary;
  print(`journal    ${directory}`);
  print(`gateway    ${summary.gateway ?? 'unknown'} of site ${summary.site ?? 'unknown'}`);
  print(
    `size       ${sizeText(summary.bytes)} in ${summary.segments} ${summary.segments === 1 ? 'segment' : 'segments'}`,
  );
  print(
    `events     ${countText(selected.events)} from ${selected.firstTime ?? '-'} to ${selected.lastTime ?? '-'}`,
  );
  const kinds = Object.entries(selected.kinds).filter(([, count]) => count > 0);
  print(`kinds      ${kinds.map(([kind, count]) => `${kind} ${countText(count)}`).join(', ')}`);
  const devices = Object.entries(selected.devices);
  const shown = devices.slice(0, DEVICES_SHOWN).map(([id, count]) => `${id} ${countText(count)}`);
  print(
    `devices    ${countText(devices.length)}: ${shown.join(', ')}${devices.length > DEVICES_SHOWN ? ' …' : ''}`,
  );
  print('');
  const sumOf = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((sum, each) => sum + each, 0);
  print(
    table(
      ['epoch', 'here', 'last', 'applied', 'filtered', 'shed', 'lost'],
      summary.epochs.map((epoch) => [
        epoch.epoch,
        countText(epoch.events),
        countText(epoch.headSeq),
        countText(epoch.applied),
        countText(sumOf(epoch.filtered)),
        countText(sumOf(epoch.shed)),
        countText(RangeSet.of(epoch.lost).size),
      ]),
    ),
  );
  print('here: in this copy; last: the newest number; applied: the cloud has it for certain');
  if (summary.problems.length === 0) return;
  print('');
  printProblems(summary.problems);
  print('');
  print(
    'Next: "tally replay verify" checks every byte; "export" or "send" bring home what is whole.',
  );
}
