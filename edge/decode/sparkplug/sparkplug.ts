/**
 * Sparkplug B 3.0 (https://sparkplug.eclipse.org/specification/version/3.0/documents/sparkplug-specification-3.0.0.pdf).
 *
 * - NBIRTH and DBIRTH: the node or device is online; the metrics are readings, their datatypes, properties and metadata
 *   attributes, and the session remembers what they are called.
 * - NDATA and DDATA: readings, named and typed by the birth. What was captured at one time is one event; historical values
 *   say so; transient ones are not stored; metrics without a value are named in `nulls`.
 * - NDEATH: the node and all its devices are offline, at the receive time: its payload was made when the node connected. It
 *   counts only for the session of its `bdSeq`. DDEATH: the device is offline.
 * - STATE: whether a host application is online. NCMD and DCMD are said to devices: nothing.
 *
 * Where a birth is missing (after a restart, an alias nobody knows, a gap in the sequence) the node is asked for it. What
 * cannot be understood without it is kept `raw`, whole, beside what can.
 *
 * The device is `{group}/{edge node}[/{device}]`, as edge nodes are unique in a group and devices in an edge node.
 */
import type { Event } from '#shared/event.ts';

import type { Message } from '../../ingest/ingest.ts';
import type { Decoded, Format } from '../decode.ts';
import { deviceIdOf } from '../payload/device-id.ts';
import { Observation } from '../payload/observation.ts';
import { rawEvent } from '../raw.ts';
import { decodeHostState } from './host-state.ts';
import { readingsOfMetrics, type Captured } from './metric-readings.ts';
import { Nodes, NODES_LIMITS, type NodesLimits } from './nodes.ts';
import { parsePayload, type Payload } from './payload.ts';
import { rebirthPayload } from './rebirth.ts';
import type { Session } from './session.ts';
import { commandTopic, parseTopic, type NodeTopic } from './topic.ts';
import { keepEntries, keepList } from './text-parts.ts';
import { dateTimeText, exact, timeMsOf } from './values.ts';

export type SparkplugParts = {
  /** Publishes a command, QoS 0, to the broker that `source` names; absent: the gateway's own. Must not throw. */
  readonly send: (command: {
    readonly topic: string;
    readonly payload: Uint8Array;
    readonly source: string | undefined;
  }) => void;
  readonly limits?: Partial<NodesLimits>;
};

export function createSparkplug({ send, limits }: SparkplugParts): Format {
  const nodes = new Nodes({ ...NODES_LIMITS, ...limits });
  return ({ message }) => {
    const topic = parseTopic(message.topic);
    if (topic === undefined) return TOPIC_EXPECTED;
    if (topic.type === 'STATE') return decodeHostState(message, topic.hostId);
    if (topic.type === 'NCMD' || topic.type === 'DCMD') return [];
    const payload = parsePayload(message.payload);
    if (typeof payload === 'string') return payload;
    const commands = commandTopic(topic);
    const key = `${message.source ?? ''}\0${commands}`;
    const { decoded, ask } = nodes.with(key, (session) =>
      decodeNode({ message, topic, payload, session }),
    );
    if (ask && nodes.mayAsk(key, message.receiveTimeMs)) {
      send({
        topic: commands,
        payload: rebirthPayload(message.receiveTimeMs),
        source: message.source,
      });
    }
    return decoded;
  };
}

const TOPIC_EXPECTED = 'topic: expected spBv1.0/{group}/{message type}/{edge node}[/{device}]';

/** A message of a node or a device. */
type Told = {
  readonly message: Message;
  readonly topic: NodeTopic;
  readonly payload: Payload;
  readonly session: Session;
};

type Answer = { readonly decoded: Decoded; readonly ask: boolean };

function decodeNode(told: Told): Answer {
  switch (told.topic.type) {
    case 'NBIRTH':
    case 'DBIRTH':
      return decodeBirth(told);
    case 'NDATA':
    case 'DDATA':
      return decodeData(told);
    case 'NDEATH':
      return { decoded: decodeNodeDeath(told), ask: false };
    case 'DDEATH':
      return decodeDeviceDeath(told);
    case 'NCMD':
    case 'DCMD':
      return { decoded: [], ask: false };
    default:
      return told.topic.type satisfies never;
  }
}

function decodeBirth(told: Told): Answer {
  const { topic, payload, session } = told;
  let ask = false;
  if (topic.type === 'NBIRTH') {
    session.nodeBorn(payload.metrics, bdSeqOf(payload));
    const seq = sequenceOf(payload);
    if (seq !== undefined) session.sequence.begin(seq);
  } else {
    ask = isLost(told) || !session.isBorn(undefined);
    session.born(topic.deviceId, payload.metrics);
  }
  const birth = observe(told, payload.timestamp).status({ online: true });
  return { decoded: withReadings(told, birth.finish()).decoded, ask };
}

function decodeData(told: Told): Answer {
  const { session, topic } = told;
  // Both are looked at: a message counts also where its node is not known.
  const isOutOfSequence = isLost(told);
  const isUnborn = !session.isBorn(undefined) || !session.isBorn(topic.deviceId);
  const { decoded, needsBirth } = withReadings(told, []);
  const isInVain = session.isTooLarge(topic.deviceId);
  return { decoded, ask: isOutOfSequence || ((isUnborn || needsBirth) && !isInVain) };
}

/** At the receive time: the payload was made when the node connected. */
function decodeNodeDeath(told: Told): Decoded {
  const { topic, payload, session } = told;
  const bdSeq = bdSeqOf(payload);
  const devices = session.nodeDied(bdSeq);
  // The will of a connection that was replaced: the node is there.
  if (devices === undefined) return [];
  const node = observe(told, undefined).keep(
    'bdSeq',
    bdSeq === undefined ? undefined : exact(bdSeq),
  );
  const events: Event[] = [];
  for (const decoded of [
    node.status({ online: false }).finish(),
    ...devices.map((deviceId) =>
      observe({ ...told, topic: { ...topic, deviceId } }, undefined)
        .status({ online: false })
        .finish(),
    ),
  ]) {
    if (typeof decoded === 'string') return decoded;
    events.push(...decoded);
  }
  return events;
}

function decodeDeviceDeath(told: Told): Answer {
  const ask = isLost(told) || !told.session.isBorn(undefined);
  told.session.deviceDied(told.topic.deviceId ?? '');
  const decoded = observe(told, told.payload.timestamp).status({ online: false }).finish();
  return { decoded, ask };
}

const BD_SEQ = 'bdSeq';

/** Int64 or UInt64, as the node likes. */
function bdSeqOf({ metrics }: Payload): bigint | undefined {
  const value = metrics.find(({ name }) => name === BD_SEQ)?.value;
  return value?.kind === 'long' || value?.kind === 'int' ? BigInt(value.value) : undefined;
}

const SEQ_MAX = 255n;

function sequenceOf({ seq }: Payload): number | undefined {
  return seq === undefined || seq > SEQ_MAX ? undefined : Number(seq);
}

/** Whether a message before this one is lost. One without a number says nothing of it. */
function isLost({ message, payload, session }: Told): boolean {
  const seq = sequenceOf(payload);
  return seq !== undefined && session.sequence.take(seq, message.receiveTimeMs) === 'lost';
}

const READINGS_MAX = 1024;
const EVENTS_MAX = 1000;
const TOO_MANY = `metrics: expected at most ${EVENTS_MAX} events`;
const UNKNOWN_NAMED_MAX = 3;

/** Adds the readings of the message to the events before them. What was not understood is kept with the whole message. */
function withReadings(
  told: Told,
  before: Decoded,
): { readonly decoded: Decoded; readonly needsBirth: boolean } {
  const { message, topic, payload, session } = told;
  const isBirth = topic.type === 'NBIRTH' || topic.type === 'DBIRTH';
  const found = readingsOfMetrics(payload, session, { device: topic.deviceId, isBirth });
  const { unknown, needsBirth } = found;
  if (found.captured.length > EVENTS_MAX) return { decoded: TOO_MANY, needsBirth };
  const parts: Decoded[] = [before, ...found.captured.map((each) => capturedEvents(told, each))];
  const fault = parts.find((part) => typeof part === 'string');
  if (typeof fault === 'string') return { decoded: fault, needsBirth };
  const events = parts.flatMap((part) => (typeof part === 'string' ? [] : part));
  if (unknown.length > 0) {
    const some = unknown.slice(0, UNKNOWN_NAMED_MAX).join(', ');
    const reason = `metrics: expected names and values that are known, found ${some}`;
    if (events.length === 0) return { decoded: reason, needsBirth };
    events.push(rawEvent({ message, reason, deviceId: deviceIdOf(deviceOf(topic)) }));
  }
  return { decoded: events.length > EVENTS_MAX ? TOO_MANY : events, needsBirth };
}

function capturedEvents(told: Told, captured: Captured): Decoded {
  const observation = observe(told, captured.timestamp);
  if (captured.isHistorical) observation.keep('historical', true);
  keepList(observation, 'nulls', captured.nulls);
  keepEntries(observation, 'notFinite', captured.notFinite);
  keepEntries(observation, 'datatypes', captured.datatypes);
  keepEntries(observation, 'properties', captured.properties);
  keepEntries(observation, 'metadata', captured.metadata);
  const { readings } = captured;
  for (let i = 0; i < readings.length; i += READINGS_MAX)
    observation.readings(readings.slice(i, i + READINGS_MAX));
  return observation.orStatus().finish();
}

function observe({ message, topic, payload }: Told, timestamp: bigint | undefined): Observation {
  const { groupId, edgeNodeId, deviceId, type } = topic;
  const observation = new Observation(message, deviceOf(topic))
    .keep('messageType', type)
    .keep('groupId', groupId)
    .keep('edgeNodeId', edgeNodeId)
    .keep('deviceId', deviceId)
    .keep('seq', payload.seq === undefined ? undefined : exact(payload.seq))
    .keep('uuid', payload.uuid)
    .keep(
      'body',
      payload.body === undefined ? undefined : Buffer.from(payload.body).toString('hex'),
    );
  if (payload.timestamp !== undefined) {
    observation.keep('timestamp', dateTimeText(payload.timestamp) ?? String(payload.timestamp));
  }
  if (timestamp === undefined) return observation;
  const timeMs = timeMsOf(timestamp);
  return timeMs === undefined
    ? observation.fail('timestamp', 'milliseconds since 1970')
    : observation.atMoment({ timeMs });
}

function deviceOf({ groupId, edgeNodeId, deviceId }: NodeTopic): string {
  const node = `${groupId}/${edgeNodeId}`;
  return deviceId === undefined ? node : `${node}/${deviceId}`;
}
