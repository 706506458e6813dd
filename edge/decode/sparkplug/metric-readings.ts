/** The metrics of a message as readings: those of one time together, and beside them what no reading can say. */
import type { Reading } from '#shared/event.ts';

import { datatypeName } from './datatypes.ts';
import type { Metric, Payload } from './payload.ts';
import type { Session } from './session.ts';
import { meaningOf, propertiesJson } from './values.ts';

/** Readings that were captured at one time. */
export type Captured = {
  /** Milliseconds since 1970; absent where neither metric nor payload says. */
  readonly timestamp: bigint | undefined;
  /** They were kept back and sent later: not what is now. */
  readonly isHistorical: boolean;
  readonly readings: Reading[];
  /** Metrics without a value. */
  readonly nulls: string[];
  /** Metrics that are not a number though they are one, with how they are not. */
  readonly notFinite: [string, string][];
  /** Of metrics whose datatype the message says anew. */
  readonly datatypes: [string, string][];
  readonly properties: [string, unknown][];
  readonly metadata: [string, unknown][];
};

export type MetricReadings = {
  /** In the order in which their times come in the message. */
  readonly captured: readonly Captured[];
  /** What was not understood, as a person reads it: aliases without a birth, values that cannot be read. */
  readonly unknown: readonly string[];
  /** Whether a birth would help. */
  readonly needsBirth: boolean;
};

/** `isBirth`: what it says of metrics is told again, though the session knows it by now. */
export function readingsOfMetrics(
  payload: Payload,
  session: Session,
  { device, isBirth }: { readonly device: string | undefined; readonly isBirth: boolean },
): MetricReadings {
  const groups = new Map<string, Captured>();
  const unknown: string[] = [];
  let needsBirth = false;
  for (const metric of payload.metrics) {
    if (groups.size > GROUPS_MAX) break;
    // A transient metric is not to be stored (Sparkplug B 3.0, section 6.4.6).
    if (metric.isTransient === true) continue;
    const known = session.find(device, metric);
    const name = metric.name === undefined || metric.name === '' ? known?.name : metric.name;
    if (known === undefined) needsBirth = true;
    if (name === undefined) {
      unknown.push(
        metric.alias === undefined ? 'a metric without a name' : `alias ${metric.alias}`,
      );
      continue;
    }
    const group = groupOf(groups, metric, payload);
    const datatype = metric.datatype ?? known?.datatype;
    keepAbout(group, name, metric, isBirth ? undefined : known?.datatype);
    const meaning = metric.isNull === true ? undefined : meaningOf(metric.value, datatype);
    if (meaning !== undefined) addReading(group, { name, value: meaning }, known?.unit);
    else if (metric.isNull === true || metric.value === undefined) group.nulls.push(name);
    else unknown.push(`a value of ${readable(name)}`);
  }
  return { captured: [...groups.values()], unknown, needsBirth };
}

/** No message gives more events; the rest would only cost time. */
const GROUPS_MAX = 1000;

const NAME_CHARACTERS_MAX = 40;

/** For a reason, which a person reads and a database keeps. */
function readable(name: string): string {
  return name.slice(0, NAME_CHARACTERS_MAX).replaceAll('\0', '').toWellFormed();
}

function groupOf(groups: Map<string, Captured>, metric: Metric, payload: Payload): Captured {
  const timestamp = metric.timestamp ?? payload.timestamp;
  const isHistorical = metric.isHistorical === true;
  const key = `${timestamp} ${isHistorical}`;
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group: Captured = {
    timestamp,
    isHistorical,
    readings: [],
    nulls: [],
    notFinite: [],
    datatypes: [],
    properties: [],
    metadata: [],
  };
  groups.set(key, group);
  return group;
}

function keepAbout(
  group: Captured,
  name: string,
  ...[metric, knownDatatype]: [Metric, number | undefined]
): void {
  const { datatype, properties, metadata } = metric;
  if (datatype !== undefined && datatype !== knownDatatype)
    group.datatypes.push([name, datatypeName(datatype) ?? String(datatype)]);
  if (properties !== undefined && properties.length > 0)
    group.properties.push([name, propertiesJson(properties)]);
  if (metadata !== undefined) group.metadata.push([name, metadata]);
}

function addReading(group: Captured, { name, value }: Reading, unit: string | undefined): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    group.notFinite.push([name, String(value)]);
  else group.readings.push(unit === undefined ? { name, value } : { name, value, unit });
}
