import { describe, expect, test } from 'vitest';

import { parseConfig } from '#shared/config.ts';

import { edgeConfigSchema } from './config.ts';
import { explainConfig, formatExplanation } from './explain-config.ts';

const MINIMAL = 'site: berlin\ngateway: gw-1\ndataDir: /var/lib/tally\n';

/** What is said under a heading, on one line. */
function said(heading: string, yaml: string): string {
  const config = parseConfig(MINIMAL + yaml, 'edge.yaml', edgeConfigSchema);
  const words = { titleOf: (format: string) => `<${format}>`, explainRule: () => 'a rule' };
  const explanation = explainConfig(config, words);
  return explanation.find(([name]) => name === heading)?.[1].join('; ') ?? '';
}

describe('a config in plain words', () => {
  test.each([
    ['devices', '', 'publish MQTT 3.1.1 to 127.0.0.1:1883, from this machine only, in the clear'],
    ['who', '', 'nobody has to prove who he is; may publish under every topic'],
    [
      'who',
      'mqtt: { host: 0.0.0.0, usersFile: /u }\n',
      'with a password of /u; the client id is the user; may publish under its own id, and subscribe to nothing',
    ],
    [
      'who',
      'mqtt: { usersFile: /u, anonymous: true, access: [{ publish: ["#"] }] }\n',
      'with a password of /u; the client id is the user; and without either: anonymous is true; may do what one rule says',
    ],
    [
      'who',
      'mqtt: { tls: { certFile: /c, keyFile: /k, caFile: /ca, clientCertificate: optional } }\n',
      'with a certificate of /ca (or without); the client id is the user',
    ],
    [
      'devices',
      'mqtt: { host: 0.0.0.0, usersFile: /u, tls: { certFile: /c, keyFile: /k } }\n',
      'and to 127.0.0.1:8883 by TLSv1.2 or later, with the certificate /c',
    ],
    [
      'brokers',
      'brokers: [{ name: hall, url: "mqtt://h:1883", share: g, subscribe: [{ topic: a/# }] }]\n',
      'hall at mqtt://h:1883, MQTT 3.1.1: a/# (QoS 1), shared with the gateways of group g',
    ],
    ['formats', '', 'everything: <generic>'],
    [
      'formats',
      'formats: [{ topic: "z/{deviceId}", format: zebra, broker: hall }]\n',
      'z/{deviceId} from hall: <zebra>; everything else: <generic>',
    ],
    [
      'read points',
      'readPoints: [{ device: fx, antennas: [1, 2], readPoint: d1, bizStep: arriving }]\n',
      'fx antenna 1, 2: d1, arriving',
    ],
    ['filters', '', 'none: every event is kept'],
    ['filters', 'filters: [{ name: x, sample: { oneIn: 2 } }]\n', '1 x: a rule'],
    ['journal', '', 'never scans: then nothing is acknowledged'],
    ['journal', 'journal: { shedding: { custody: true } }\n', 'raw events go, scans too'],
    ['status', 'status: { port: 0 }\n', 'nobody can ask how it stands'],
  ])('says under %s, of %j: %s', (heading, yaml, words) => {
    expect(said(heading, yaml)).toContain(words);
  });

  test('fits 80 columns, and does not show a thousand lines', () => {
    const routes = Array.from(
      { length: 40 },
      (_, i) =>
        `  - { topic: "a-topic-of-some-length/${i}/and/more/{deviceId}/tags", format: zebra }\n`,
    );
    const config = parseConfig(
      `${MINIMAL}formats:\n${routes.join('')}`,
      'edge.yaml',
      edgeConfigSchema,
    );
    const words = { titleOf: () => 'Zebra IoT Connector: readers', explainRule: () => '' };
    const lines = formatExplanation(explainConfig(config, words), process.stdout);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.join('\n')).toContain('… and 29 more');
  });
});
