import type { Refusal } from './ingest.ts';
import { isAllowedTopic } from './topic-rules.ts';

/** What a CONNECT says, as far as it matters here. */
export type Connect = {
  readonly protocolId?: string;
  readonly protocolVersion?: number;
  readonly clientId: string;
  readonly clean?: boolean;
  readonly will?: { readonly topic: string; readonly qos?: number };
};

export type ConnectRefusal = {
  readonly refusal: Refusal;
  /** Of the CONNACK (MQTT 3.1.1, table 3.1). */
  readonly returnCode: number;
};

const BAD_VERSION = { refusal: 'protocol-version', returnCode: 1 } as const;
const BAD_CLIENT_ID = { refusal: 'client-id', returnCode: 2 } as const;
const BAD_WILL = { refusal: 'will', returnCode: 5 } as const;

const PROTOCOL_ID_OF: Readonly<Record<number, string>> = { 3: 'MQIsdp', 4: 'MQTT' };
const QOS_MAX = 2;

/** Why a device is not let in; `undefined` when it is. */
export function connectRefusal(connect: Connect): ConnectRefusal | undefined {
  const { protocolId, protocolVersion = 0, clientId, clean, will } = connect;
  if (PROTOCOL_ID_OF[protocolVersion] !== protocolId) return BAD_VERSION;
  // MQTT 3.1.1 gives the nameless a name, but only for a session that ends with the connection.
  const mayBeEmpty = protocolVersion === 4 && clean === true;
  if (!(clientId === '' ? mayBeEmpty : isAllowedClientId(clientId))) return BAD_CLIENT_ID;
  if (will !== undefined && !isAllowedWill(will)) return BAD_WILL;
  return undefined;
}

/** Printable ASCII: safe in a log line, a file name after escaping, a topic and an access rule. */
const CLIENT_ID = /^[ -~]{1,128}$/u;
const TOPIC_SIGNS = /[+#/]/u;

function isAllowedClientId(clientId: string): boolean {
  return CLIENT_ID.test(clientId) && !TOPIC_SIGNS.test(clientId) && clientId !== '__proto__';
}

function isAllowedWill({ topic, qos = 0 }: { topic: string; qos?: number }): boolean {
  return isAllowedTopic(topic) && qos <= QOS_MAX;
}
