/**
 * The document as Prometheus reads it. Names are `tally_edge_…` with their unit, counters end in `_total`. Labels have few
 * values that the program knows: classes, rules, reasons, refusals, the brokers of the config; no device, no topic, no
 * epoch but the one there is.
 */
import { Counter, Gauge, Registry } from 'prom-client';

import { CLOCK_TRUSTS } from '#shared/event.ts';
import { SHED_REASONS } from '#shared/shed.ts';

import { REFUSALS } from '../ingest/ingest.ts';
import { CLASSES, PROBLEMS, type Status } from './status.ts';

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Of the rules of older versions, whose counts stand in a journal, too. */
const RULES_MAX = 32;

type Values = number | null | Readonly<Record<string, number>>;

export async function metricsOf(status: Status): Promise<string> {
  const registry = new Registry();
  for (const write of [
    writeJournal,
    writeAccounts,
    writeFlow,
    writeGateway,
    writeIngest,
    writeBrokers,
  ])
    write(new Writer(registry), status);
  return await registry.metrics();
}

class Writer {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** A value, or one for each value of a label. `null` is written as nothing: a gap is not a number. */
  gauge(name: string, help: string, values: Values, label = ''): void {
    if (values === null) return;
    const gauge = new Gauge(this.#options(name, help, label));
    if (typeof values === 'number') gauge.set(values);
    else for (const [key, value] of Object.entries(values)) gauge.set({ [label]: key }, value);
  }

  /** Like a gauge, and it only grows: until the gateway, or its epoch, begins again. */
  counter(name: string, help: string, values: Exclude<Values, null>, label = ''): void {
    const counter = new Counter(this.#options(`${name}_total`, help, label));
    if (typeof values === 'number') counter.inc(values);
    else for (const [key, value] of Object.entries(values)) counter.inc({ [label]: key }, value);
  }

  info(help: string, labels: Readonly<Record<string, string>>): void {
    const options = { name: 'tally_edge_info', help, labelNames: Object.keys(labels) };
    new Gauge({ ...options, registers: [this.#registry] }).set(labels, 1);
  }

  #options(name: string, help: string, label: string) {
    return {
      name: `tally_edge_${name}`,
      help,
      labelNames: label === '' ? [] : [label],
      registers: [this.#registry],
    };
  }
}

function writeJournal(to: Writer, { journal, commits }: Status): void {
  const { classes } = journal;
  const byClass = (of: 'events' | 'bytes'): Record<string, number> =>
    Object.fromEntries(CLASSES.map((name) => [name, classes[name][of]]));
  to.gauge('pending_events', 'Kept and not applied, by class', byClass('events'), 'class');
  to.gauge('pending_bytes', 'Their records, by class', byClass('bytes'), 'class');
  to.gauge(
    'oldest_pending_age_seconds',
    'Age of the oldest pending event, about; absent where there is none or the clock is not set',
    journal.oldestPendingAgeS,
  );
  to.gauge('journal_bytes', 'All files of the journal', journal.bytes);
  to.gauge('journal_limit_bytes', 'The most they may take', journal.bytesMax);
  to.gauge('journal_segments', 'Segments', journal.segments);
  to.gauge(
    'journal_reserve_set_aside',
    '1 where the room for thinning a segment is set aside',
    Number(journal.isReserveSetAside),
  );
  to.gauge('journal_age_seconds', 'How old what is said of the journal is', journal.ageS);
  to.counter('commits', 'Commits since the start', commits.commits);
  to.counter('committed_events', 'Events in them', commits.events);
  to.gauge(
    'commit_duration_seconds',
    'Of the last thousand commits or so',
    { '0.5': commits.msP50 / MS_PER_S, '0.99': commits.msP99 / MS_PER_S },
    'quantile',
  );
  to.gauge(
    'flash_bytes_per_event',
    'Bytes this process sent to the disk for each event kept, since the start',
    commits.flashBytesPerEvent,
  );
}

function writeAccounts(to: Writer, { journal: { epochs } }: Status): void {
  const current = epochs.at(-1);
  if (current === undefined) return;
  const filtered = Object.fromEntries(Object.entries(current.filtered).slice(0, RULES_MAX));
  const sum = (of: 'pending' | 'stored'): number =>
    epochs.reduce((total, each) => total + each[of], 0);
  to.counter('received_events', 'Events received in the current epoch', current.received);
  to.counter('filtered_events', 'Of them removed, by rule', filtered, 'rule');
  to.counter('applied_events', 'Of them applied in the cloud', current.applied);
  to.counter(
    'shed_events',
    'Given up in the current epoch, by reason; damaged is what the disk lost',
    known(SHED_REASONS, current.shed),
    'reason',
  );
  to.gauge('unapplied_events', 'Pending of all epochs', sum('pending'));
  to.gauge('stored_events', 'Of them in JetStream', sum('stored'));
  to.gauge('past_epochs', 'Epochs that ended and are not all applied', epochs.length - 1);
}

function writeFlow(to: Writer, { flow }: Status): void {
  to.gauge('in_events_per_second', 'Events kept, over a minute', flow.in.eventsPerS);
  to.gauge('in_bytes_per_second', 'Their records', flow.in.bytesPerS);
  to.gauge('out_events_per_second', 'Events applied, over a minute', flow.out.eventsPerS);
  to.gauge('out_bytes_per_second', 'Their records, about', flow.out.bytesPerS);
  to.gauge(
    'time_to_full_seconds',
    'Until the journal is full if it goes on so; absent where it does not grow',
    flow.timeToFullS,
  );
  to.gauge(
    'time_to_drained_seconds',
    'Until nothing is pending if it goes on so; absent where it does not shrink',
    flow.timeToDrainedS,
  );
}

function writeGateway(to: Writer, status: Status): void {
  const { site, gateway, version, clock, link, journal, problems } = status;
  const epoch = journal.epochs.at(-1)?.epoch ?? '';
  to.info('Which gateway this is', { site, gateway, version, epoch });
  to.gauge('uptime_seconds', 'Since the start', status.uptimeS);
  to.gauge('link_connected', '1 while NATS is connected', Number(link.connected));
  to.gauge('link_state_seconds', 'How long it has been so', link.forS);
  to.gauge(
    'clock_trust',
    'How far the wall clock is to be believed: 1 for what it is',
    oneOf(CLOCK_TRUSTS, [clock.trust]),
    'trust',
  );
  to.gauge(
    'clock_offset_seconds',
    'Wall clock less the time since the boot; it changes when the clock is set',
    clock.offsetMs / MS_PER_S,
  );
  to.gauge(
    'problem',
    '1 where a person is needed',
    oneOf(
      Object.keys(PROBLEMS),
      problems.map(({ code }) => code),
    ),
    'code',
  );
}

function writeIngest(to: Writer, { ingest }: Status): void {
  const [qos0, qos1, qos2] = ingest.messages;
  to.gauge('connections', 'Devices that are connected', ingest.connections);
  to.gauge('unsettled_messages', 'Accepted and not on disk yet', ingest.unsettled);
  to.counter('messages', 'Accepted since the start', { 0: qos0, 1: qos1, 2: qos2 }, 'qos');
  to.counter('withheld_messages', 'Not acknowledged: not made durable', ingest.withheld);
  to.counter(
    'refused',
    'What devices did that is not allowed',
    known(Object.keys(REFUSALS), ingest.refused),
    'refusal',
  );
  writeDelivery(to, ingest.delivery);
}

function writeDelivery(to: Writer, delivery: Status['ingest']['delivery']): void {
  to.gauge('sessions', 'Of devices that are there, or may come back', delivery.sessions);
  to.gauge('subscriptions', 'What devices subscribed to', delivery.subscriptions);
  to.gauge('retained_messages', 'Kept for those who subscribe later', delivery.retained);
  to.gauge('delivery_held_bytes', 'Retained, or waiting for devices', delivery.heldBytes);
  to.counter('delivered_messages', 'Sent to devices, copies among them', delivery.sent);
  to.counter('undelivered_messages', 'For devices, given up for want of room', delivery.dropped);
  to.counter('unretained_messages', 'Not retained for want of room', delivery.notRetained);
}

function writeBrokers(to: Writer, { brokers }: Status): void {
  const each = (of: (broker: Status['brokers'][number]) => number): Record<string, number> =>
    Object.fromEntries(brokers.map((broker) => [broker.name, of(broker)]));
  to.gauge(
    'broker_connected',
    "1 while a broker of the depot's is connected",
    each(({ state }) => Number(state === 'connected')),
    'broker',
  );
  to.gauge(
    'broker_refused',
    '1 while it refuses us, and a person is needed',
    each(({ state }) => Number(state === 'refused')),
    'broker',
  );
  to.gauge(
    'broker_unsettled_messages',
    'Taken from it and not on disk yet',
    each(({ unsettled }) => unsettled),
    'broker',
  );
  to.counter(
    'broker_messages',
    'Taken from it since the start',
    each(({ messages }) => messages.reduce((sum, count) => sum + count, 0)),
    'broker',
  );
  to.counter(
    'broker_withheld_messages',
    'Not acknowledged to it: not made durable',
    each(({ withheld }) => withheld),
    'broker',
  );
  to.counter(
    'broker_refusals',
    'What it sent that is not allowed',
    each(({ refused }) => Object.values(refused).reduce((sum, count) => sum + count, 0)),
    'broker',
  );
}

const MS_PER_S = 1000;

/** A number for each of the names, also where nothing happened yet, and for no other. */
function known(
  names: readonly string[],
  counts: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, counts[name] ?? 0]));
}

function oneOf(names: readonly string[], those: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, Number(those.includes(name))]));
}
