import { describe, expect, test } from 'vitest';

import { parseConfig, readConfig } from '#shared/config.ts';

import { edgeConfigSchema } from './config.ts';

const MINIMAL = 'site: berlin\ngateway: gw-1\ndataDir: /var/lib/tally\n';

function faults(text: string): string[] {
  try {
    parseConfig(text, 'edge.yaml', edgeConfigSchema);
  } catch (error) {
    expect(error).toMatchObject({ kind: 'stop', code: 'config-invalid' });
    return error instanceof Error ? error.message.split('\n') : [];
  }
  return [];
}

describe('a config', () => {
  test('needs only what has no default', () => {
    const config = parseConfig(MINIMAL, 'edge.yaml', edgeConfigSchema);
    expect(config).toMatchObject({
      site: 'berlin',
      mqtt: { host: '127.0.0.1', port: 1883 },
      uplink: { windowBatches: 8 },
    });
  });

  test('takes sizes with units', () => {
    const config = parseConfig(
      `${MINIMAL}journal:\n  bytesMax: 1.5GiB\n`,
      'edge.yaml',
      edgeConfigSchema,
    );
    expect(config.journal.bytesMax).toBe(1.5 * 1024 ** 3);
  });

  test.each<[string, string, string[]]>([
    [
      'a wrong type',
      `${MINIMAL}mqtt:\n  port: many\n`,
      ['edge.yaml:5: mqtt.port: expected a port, 0 to 65535, found "many"'],
    ],
    [
      'a value out of range',
      `${MINIMAL}mqtt:\n  port: 70000\n`,
      ['edge.yaml:5: mqtt.port: expected a port, 0 to 65535, found 70000'],
    ],
    [
      'a setting that is none',
      `${MINIMAL}mqtt:\n  prot: 1\n`,
      ['edge.yaml:5: mqtt.prot: no such setting'],
    ],
    [
      'an id that is none',
      MINIMAL.replace('gw-1', 'GW 1'),
      ['edge.yaml:2: gateway: expected 1 to 64 of a-z, 0-9 and -, found "GW 1"'],
    ],
    [
      'a size that is none',
      `${MINIMAL}journal:\n  bytesMax: big\n`,
      ['edge.yaml:5: journal.bytesMax: expected a size such as 512MiB or 4GiB, found "big"'],
    ],
    [
      'a server that is none',
      `${MINIMAL}uplink:\n  servers:\n    - localhost\n`,
      ['edge.yaml:6: uplink.servers.0: expected nats://host:port, found "localhost"'],
    ],
    [
      'a time source that is none',
      `${MINIMAL}clock:\n  source: ntp\n`,
      [
        'edge.yaml:5: clock.source: expected auto, none or the path of a file, from / on, found "ntp"',
      ],
    ],
    [
      'YAML that is none',
      'site: [',
      [
        'edge.yaml:1: Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    ],
    ['a key twice', `${MINIMAL}site: hamburg\n`, ['edge.yaml:4: Map keys must be unique']],
  ])(
    'G9 safe-config: %s is refused with line, field and what was expected',
    (_, text, expected) => {
      expect(faults(text)).toStrictEqual(expected);
    },
  );

  test('G9 safe-config: all faults are told at once', () => {
    expect(faults('site: 7\nmqtt: { port: -1 }\n')).toHaveLength(4);
  });

  test('G11 isolation: to listen elsewhere than on this machine is refused while no authentication is configured', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'depot.example']) {
      expect(faults(`${MINIMAL}mqtt: { host: "${host}" }\n`)[0]).toContain(
        'listening elsewhere needs authentication',
      );
    }
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
      expect(faults(`${MINIMAL}mqtt: { host: "${host}" }\n`)).toStrictEqual([]);
    }
  });

  test.each([
    ['passwords', '{ host: 0.0.0.0, usersFile: users }'],
    ['passwords over TLS', '{ usersFile: users, tls: { host: "::", certFile: c, keyFile: k } }'],
    ['certificates', '{ tls: { host: "::", certFile: c, keyFile: k, caFile: a } }'],
    ['the word of the config', '{ host: 0.0.0.0, anonymous: true }'],
  ])('it may listen elsewhere with %s', (_, mqtt) => {
    expect(faults(`${MINIMAL}mqtt: ${mqtt}\n`)).toStrictEqual([]);
  });

  test.each([
    // Certificates are shown to TLS only: here nobody could log in, and everybody could try.
    ['host', '{ host: 0.0.0.0, tls: { certFile: c, keyFile: k, caFile: a } }'],
    ['host', '{ host: 0.0.0.0, anonymous: false }'],
    ['tls.host', '{ tls: { host: 0.0.0.0, certFile: c, keyFile: k } }'],
  ])('G11 isolation: and %s may not with %s', (path, mqtt) => {
    const [fault = ''] = faults(`${MINIMAL}mqtt: ${mqtt}\n`);
    expect(fault).toContain(`mqtt.${path}: expected 127.0.0.1, ::1 or localhost`);
  });

  test.each([
    ['{ access: [{ publish: ["a/#/b"] }] }', 'mqtt.access.0.publish.0: expected # only at the end'],
    ['{ access: [{ publish: [$SYS/a] }] }', 'mqtt.access.0.publish.0: expected no $SYS'],
    ['{ access: [{ users: [] }] }', 'mqtt.access.0.users: '],
    ['{ access: [{ topics: [a] }] }', 'mqtt.access.0.topics: no such setting'],
    ['{ clientIdIs: whatever }', 'mqtt.clientIdIs: expected user, prefix or any'],
    ['{ limits: { keepAliveSecondsMax: 70000 } }', 'mqtt.limits.keepAliveSecondsMax: expected at'],
    ['{ limits: { messagesPerSecond: 0 } }', 'mqtt.limits.messagesPerSecond: expected a number of'],
    ['{ tls: { certFile: c } }', 'mqtt.tls.keyFile: expected a file'],
    ['{ tls: { certFile: c, keyFile: k, crlFile: r } }', 'mqtt.tls.crlFile: expected caFile'],
    ['{ password: secret }', 'mqtt.password: no such setting'],
  ])('G9 safe-config: of who may connect: %s', (mqtt, fault) => {
    expect(faults(`${MINIMAL}mqtt: ${mqtt}\n`)[0]).toContain(fault);
  });

  test('a file that is not there is named', async () => {
    await expect(readConfig('/nowhere/edge.yaml', edgeConfigSchema)).rejects.toThrow(
      "cannot read the config: ENOENT: no such file or directory, open '/nowhere/edge.yaml'",
    );
  });
});
