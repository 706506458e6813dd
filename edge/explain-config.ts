/** A config in plain words: what a gateway that runs with it does. */
import { styleText } from 'node:util';

import { isLoopback } from '#shared/loopback.ts';
import { duration, size, whole } from '#shared/humane.ts';
import { wrapText } from '#shared/wrap-text.ts';

import type { EdgeConfig } from './config.ts';

/** A heading, and sentences about it; one that is too long is broken. */
export type Explanation = readonly (readonly [heading: string, sentences: readonly string[]])[];

/** What the stages say of their own settings. */
export type Words = {
  readonly titleOf: (format: EdgeConfig['formats'][number]['format']) => string;
  readonly explainRule: (rule: EdgeConfig['filters'][number]) => string;
};

const HEADING_COLUMNS = 12;
/** More than that nobody reads. */
const LINES_SHOWN = 12;
const SECONDS_PER_HOUR = 3600;

export function explainConfig(config: EdgeConfig, words: Words): Explanation {
  const { site, gateway, timeZone } = config;
  return [
    ['gateway', [`${gateway} of site ${site}, in the time zone ${timeZone}`]],
    ['devices', devices(config.mqtt)],
    ['who', who(config.mqtt)],
    ['brokers', config.brokers.map(broker)],
    ['formats', formats(config, words)],
    ['read points', readPoints(config)],
    ['filters', filters(config, words)],
    ['journal', journal(config)],
    ['uplink', [`to ${config.uplink.servers.join(' or ')}`]],
    ['status', [status(config)]],
  ];
}

/** Lines of at most 80 columns; headings in bold where `stream` is a terminal that shows it. */
export function formatExplanation(explanation: Explanation, stream: NodeJS.WriteStream): string[] {
  return explanation
    .filter(([, sentences]) => sentences.length > 0)
    .flatMap(([heading, sentences]) => {
      const shown = sentences.slice(0, LINES_SHOWN);
      const rest = sentences.length - shown.length;
      if (rest > 0) shown.push(`… and ${whole(rest)} more`);
      return shown.flatMap((sentence, i) => {
        const first = (i === 0 ? heading : '').padEnd(HEADING_COLUMNS);
        return wrapText(sentence, { first, indent: HEADING_COLUMNS }).map((line, n) =>
          i === 0 && n === 0 ? bold(line, heading.length, stream) : line,
        );
      });
    });
}

function bold(line: string, columns: number, stream: NodeJS.WriteStream): string {
  return styleText('bold', line.slice(0, columns), { stream }) + line.slice(columns);
}

function devices({ host, port, websocketPort, tls, ...limits }: EdgeConfig['mqtt']): string[] {
  const web = websocketPort === undefined ? '' : `, WebSocket on ${websocketPort}`;
  const reach = isLoopback(host) ? 'this machine only' : 'the network';
  return [
    `publish MQTT 3.1.1 to ${host}:${port}${web}, from ${reach}, in the clear`,
    ...(tls === undefined
      ? []
      : [
          `and to ${tls.host}:${tls.port} by ${tls.minVersion} or later, with the certificate ${tls.certFile}`,
        ]),
    `at most ${whole(limits.connectionsMax)} at once, packets of at most ${size(limits.packetBytesMax)}, and each is slowed down beyond ${whole(limits.limits.messagesPerSecond)} messages a second`,
  ];
}

function who({ usersFile, anonymous, tls, access, clientIdIs }: EdgeConfig['mqtt']): string[] {
  const proofs = [
    ...(usersFile === undefined ? [] : [`a password of ${usersFile}`]),
    ...(tls?.caFile === undefined
      ? []
      : [
          `a certificate of ${tls.caFile}${tls.clientCertificate === 'optional' ? ' (or without)' : ''}`,
        ]),
  ];
  const isOpen = anonymous ?? proofs.length === 0;
  const ids = {
    user: 'the client id is the user',
    prefix: 'the client id begins with the user',
    any: 'any client id',
  };
  return [
    proofs.length === 0
      ? 'nobody has to prove who he is'
      : `with ${proofs.join(' or ')}; ${ids[clientIdIs]}`,
    ...(isOpen && proofs.length > 0 ? ['and without either: anonymous is true'] : []),
    access === undefined
      ? proofs.length === 0 && anonymous === undefined
        ? 'may publish under every topic'
        : 'may publish under its own id, and subscribe to nothing'
      : `may do what ${access.length === 1 ? 'one rule says' : `${access.length} rules say`}`,
  ];
}

function broker({ name, url, subscribe, share, version }: EdgeConfig['brokers'][number]): string {
  const topics = subscribe.map(({ topic, qos }) => `${topic} (QoS ${qos})`).join(', ');
  const shared = share === undefined ? '' : `, shared with the gateways of group ${share}`;
  return `${name} at ${url}, MQTT ${version === 5 ? '5' : '3.1.1'}: ${topics}${shared}`;
}

function formats({ formats: routes }: EdgeConfig, { titleOf }: Words): string[] {
  return [
    ...routes.map(({ topic, format, broker: from, device }) => {
      const where = from === undefined ? '' : ` from ${from}`;
      const whose = device === undefined ? '' : `, all of ${device}`;
      return `${topic}${where}: ${titleOf(format)}${whose}`;
    }),
    `${routes.length === 0 ? 'everything' : 'everything else'}: ${titleOf('generic')}`,
  ];
}

function readPoints({ readPoints: entries }: EdgeConfig): string[] {
  return entries.map(({ device, antennas, said, readPoint, location, bizStep }) => {
    const from = [
      ...(device === undefined ? [] : [device]),
      ...(antennas === undefined ? [] : [`antenna ${antennas.join(', ')}`]),
      ...(said === undefined ? [] : [`says ${said}`]),
    ];
    const is = [readPoint, location, bizStep].filter((each) => each !== undefined);
    return `${from.join(' ')}: ${is.join(', ')}`;
  });
}

function filters({ filters: rules }: EdgeConfig, { explainRule }: Words): string[] {
  if (rules.length === 0) return ['none: every event is kept'];
  return rules.map((rule, i) => `${i + 1} ${rule.name}: ${explainRule(rule)}`);
}

function journal({ dataDir, journal: settings }: EdgeConfig): string[] {
  const { bytesMax, segmentBytesMax, segmentHoursMax, shedding } = settings;
  const last = shedding.custody ? 'scans too' : 'never scans: then nothing is acknowledged';
  return [
    `in ${dataDir}, at most ${size(bytesMax)}, in files of ${size(segmentBytesMax)} or ${duration(segmentHoursMax * SECONDS_PER_HOUR)}`,
    `when it is full, one in ${shedding.telemetryKeepOneIn} of positions and readings stays, then none, then statuses and raw events go, ${last}`,
  ];
}

function status({ status: { host, port } }: EdgeConfig): string {
  return port === 0 ? 'nobody can ask how it stands' : `on http://${host}:${port}/status`;
}
