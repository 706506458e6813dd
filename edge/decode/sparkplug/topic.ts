/** The topics of Sparkplug B 3.0 (section 4): `spBv1.0/{group}/{type}/{edge node}[/{device}]`, `spBv1.0/STATE/{host}`. */
const NAMESPACE = 'spBv1.0';

const NODE_TYPES = ['NBIRTH', 'NDEATH', 'NDATA', 'NCMD'] as const;
const DEVICE_TYPES = ['DBIRTH', 'DDEATH', 'DDATA', 'DCMD'] as const;

export type MessageType = (typeof NODE_TYPES)[number] | (typeof DEVICE_TYPES)[number];

export type NodeTopic = {
  readonly type: MessageType;
  /** Levels that a bridge has put before the namespace, each with its slash. */
  readonly prefix: string;
  readonly groupId: string;
  readonly edgeNodeId: string;
  /** Absent for messages of the node itself. */
  readonly deviceId?: string;
};

export type SparkplugTopic = NodeTopic | { readonly type: 'STATE'; readonly hostId: string };

/** `undefined` when it is none. A bridge may have put it under levels of its own. */
export function parseTopic(topic: string): SparkplugTopic | undefined {
  const levels = topic.split('/');
  // 2.2 has the state of a host beside the namespace.
  if (levels.length === 2 && levels[0] === 'STATE') return stateOf(levels[1]);
  const at = levels.indexOf(NAMESPACE);
  if (at < 0) return undefined;
  const [groupId = '', type = '', edgeNodeId = '', deviceId, ...rest] = levels.slice(at + 1);
  if (groupId === 'STATE') return edgeNodeId === '' ? stateOf(type) : undefined;
  if (groupId === '' || edgeNodeId === '' || rest.length > 0) return undefined;
  const prefix = levels
    .slice(0, at)
    .map((level) => `${level}/`)
    .join('');
  const nodeType = NODE_TYPES.find((known) => known === type);
  if (nodeType !== undefined)
    return deviceId === undefined ? { type: nodeType, prefix, groupId, edgeNodeId } : undefined;
  const deviceType = DEVICE_TYPES.find((known) => known === type);
  if (deviceType === undefined || deviceId === undefined || deviceId === '') return undefined;
  return { type: deviceType, prefix, groupId, edgeNodeId, deviceId };
}

function stateOf(hostId: string | undefined): SparkplugTopic | undefined {
  return hostId === undefined || hostId === '' ? undefined : { type: 'STATE', hostId };
}

/** The topic on which the node of a message takes commands; through the same bridge. */
export function commandTopic({ prefix, groupId, edgeNodeId }: NodeTopic): string {
  return `${prefix}${NAMESPACE}/${groupId}/NCMD/${edgeNodeId}`;
}
