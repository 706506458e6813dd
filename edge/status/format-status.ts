/** The document as a person reads it on a terminal of 80 columns. */
import { wrapText } from '#shared/wrap-text.ts';

import { duration, latency, perSecond, segmentCount, size, whole } from '#shared/humane.ts';
import { CLASSES, type Status } from './status.ts';

/** What a text is, for colour: the caller knows whether there is any. */
export type Paint = (style: 'good' | 'bad' | 'head', text: string) => string;

const WIDTH = 80;
const LABEL_WIDTH = 11;
const NONE = '-';

/** Lines, the last of which says what to do next where something is wrong. */
export function formatStatus(status: Status, paint: Paint): string[] {
  return [
    ...summary(status, paint),
    '',
    ...pendingTable(status, paint),
    '',
    ...flowTable(status, paint),
    '',
    ...accountsTable(status, paint),
    '',
    ...verdict(status, paint),
  ];
}

function summary(status: Status, paint: Paint): string[] {
  const { journal, commits, ingest, clock } = status;
  const reserve = journal.isReserveSetAside ? 'set aside' : 'not set aside';
  const refused = list(ingest.refused);
  return [
    ...row(
      'gateway',
      `${status.gateway} of ${status.site}, version ${status.version}, up ${duration(status.uptimeS)}`,
    ),
    ...row('link', linkWords(status.link), status.link.connected ? undefined : paint),
    ...row(
      'journal',
      `${size(journal.bytes)} of ${size(journal.bytesMax)} in ${segmentCount(journal.segments)}, reserve ${reserve}`,
    ),
    ...row(
      'commits',
      `p50 ${latency(commits.msP50)}, p99 ${latency(commits.msP99)}, ${flash(commits)}`,
    ),
    ...row('clock', clockWords(clock), clock.trust === 'unset' ? paint : undefined),
    ...row(
      'devices',
      `${whole(ingest.connections)} connected, ${whole(ingest.unsettled)} messages unsettled, ${whole(ingest.withheld)} withheld`,
    ),
    ...(refused === '' ? [] : row('refused', refused)),
    ...status.brokers.flatMap((broker) =>
      row('broker', brokerWords(broker), broker.state === 'connected' ? undefined : paint),
    ),
  ];
}

function linkWords({ connected, forS, lastError }: Status['link']): string {
  const state = `${connected ? 'connected' : 'down'} for ${duration(forS)}`;
  if (lastError === null) return state;
  return `${state}; ${duration(lastError.agoS)} ago: ${lastError.reason}`;
}

function brokerWords({
  name,
  state,
  unsettled,
  withheld,
  refused,
}: Status['brokers'][number]): string {
  const words = `${name} ${state}, ${whole(unsettled)} messages unsettled, ${whole(withheld)} withheld`;
  const refusals = list(refused);
  return refusals === '' ? words : `${words}; refused ${refusals}`;
}

function clockWords({ now, trust }: Status['clock']): string {
  return `${trust}, it says ${now}`;
}

function flash({ flashBytesPerEvent }: Status['commits']): string {
  return flashBytesPerEvent === null
    ? 'bytes to flash not known'
    : `${size(flashBytesPerEvent)} to flash an event`;
}

function pendingTable({ journal }: Status, paint: Paint): string[] {
  const { classes, oldestPendingAgeS } = journal;
  return [
    paint('head', columns('pending', ['events', 'bytes'])),
    ...CLASSES.map((name) =>
      columns(name, [whole(classes[name].events), size(classes[name].bytes)]),
    ),
    ...row('oldest', oldestPendingAgeS === null ? NONE : `about ${duration(oldestPendingAgeS)}`),
  ];
}

function flowTable({ flow }: Status, paint: Paint): string[] {
  const line = (name: 'in' | 'out'): string =>
    columns(name, [perSecond(flow[name].eventsPerS), size(flow[name].bytesPerS)]);
  const time = (seconds: number | null): string => (seconds === null ? NONE : duration(seconds));
  return [
    paint('head', columns('flow', ['events/s', 'bytes/s'])),
    line('in'),
    line('out'),
    ...row('full in', time(flow.timeToFullS)),
    ...row('drained in', time(flow.timeToDrainedS)),
  ];
}

/** G4: in each line the first number is the sum of the other three. */
function accountsTable({ journal: { epochs } }: Status, paint: Paint): string[] {
  const head = ['received', '= filtered', '+ applied', '+ pending'];
  return [
    paint('head', columns('epoch', head, 17)),
    ...epochs.flatMap((each) => {
      const { epoch, received, filtered, applied, pending, shed, shedRanges } = each;
      const lost = shedRanges.filter(({ reason }) => reason === 'damaged');
      const removed = Object.values(filtered).reduce((sum, count) => sum + count, 0);
      const numbers = [received, removed, applied, pending].map(whole);
      const notes = [
        ['filtered', list(filtered)],
        ['shed', list(shed)],
        ['lost', lost.map(({ first, last }) => `${first} to ${last}`).join(', ')],
      ] as const;
      return [
        columns(epoch, numbers, 17),
        ...notes.flatMap(([label, words]) => (words === '' ? [] : row(`  ${label}`, words))),
      ];
    }),
  ];
}

function verdict({ problems }: Status, paint: Paint): string[] {
  const [worst] = problems;
  if (worst === undefined) return [paint('good', 'nothing needs a person')];
  return [
    ...problems.flatMap(({ code, message }) => wrapped(`${code}: `, message, 2)),
    ...wrapped('next: ', worst.next, 6),
  ].map((line) => paint('bad', line));
}

/** `redelivery 12, other 3`: largest first. */
function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${whole(count)}`)
    .join(', ');
}

function row(label: string, words: string, paint?: Paint): string[] {
  const lines = wrapped(label.padEnd(LABEL_WIDTH), words, LABEL_WIDTH);
  return paint === undefined ? lines : lines.map((line) => paint('bad', line));
}

function columns(label: string, values: readonly string[], labelWidth = LABEL_WIDTH): string {
  return cut(label.padEnd(labelWidth) + values.map((each) => each.padStart(14)).join(''));
}

/** `first` and then the words, further lines indented. */
function wrapped(first: string, words: string, indent: number): string[] {
  return wrapText(words, { first, indent, width: WIDTH }).map(cut);
}

function cut(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}
