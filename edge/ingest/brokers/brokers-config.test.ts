import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import { parseConfig } from '#shared/config.ts';

import { brokersConfigSchema } from './brokers-config.ts';

const schema = z.strictObject({ brokers: brokersConfigSchema });

function faults(settings: string): string {
  const lines = [
    'brokers:',
    '  - name: hall-1',
    ...settings.split('\n').map((line) => `    ${line}`),
  ];
  try {
    parseConfig(lines.join('\n'), 'edge.yaml', schema);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const FINE = 'url: mqtt://broker.depot\nsubscribe: [{ topic: depot/# }]';

describe('the section brokers', () => {
  test('is empty by default, and a broker needs a name, a URL and filters', () => {
    expect(parseConfig('{}', 'edge.yaml', schema)).toEqual({ brokers: [] });
    const text = `brokers: [{ name: hall-1, url: 'mqtts://10.0.0.7:8884', subscribe: [{ topic: 'a/+/b' }] }]`;
    expect(parseConfig(text, 'edge.yaml', schema).brokers).toEqual([
      {
        name: 'hall-1',
        url: 'mqtts://10.0.0.7:8884',
        version: 4,
        subscribe: [{ topic: 'a/+/b', qos: 1 }],
        receiveMaximum: 512,
        keepAliveS: 30,
      },
    ]);
  });

  test('takes all that there is', () => {
    expect(
      faults(
        `${FINE.replace('mqtt:', 'mqtts:')}\nversion: 5\nclientId: gw.1\nusername: gw\npassword: { env: P }\nshare: gateways\nreceiveMaximum: 20\nkeepAliveS: 10\ncaFile: /ca\ncertFile: /cert\nkeyFile: /key`,
      ),
    ).toBe('none');
  });

  test('G9 safe-config: two brokers have two names', () => {
    const broker = `{ name: a, url: 'mqtt://x', subscribe: [{ topic: t }] }`;
    expect(() => parseConfig(`brokers: [${broker}, ${broker}]`, 'edge.yaml', schema)).toThrow(
      'edge.yaml:1: brokers: expected each broker under a name of its own',
    );
  });

  test.for([
    [
      'subscribe: [{ topic: a }]\nurl: http://broker',
      'expected mqtt://host:port or mqtts://host:port',
    ],
    ['subscribe: [{ topic: a }]\nurl: mqtt://me:secret@broker', 'user and password being settings'],
    ['subscribe: [{ topic: a }]\nurl: mqtt://broker/path', 'expected mqtt://host:port'],
    ['url: mqtt://broker\nsubscribe: []', 'expected at least one topic filter'],
    ['url: mqtt://broker\nsubscribe: [{ topic: a/#/b }]', 'expected a topic filter such as'],
    ['url: mqtt://broker\nsubscribe: [{ topic: a+ }]', 'expected a topic filter such as'],
    ['url: mqtt://broker\nsubscribe: [{ topic: $share/g/a }]', 'expected a topic filter such as'],
    ['url: mqtt://broker\nsubscribe: [{ topic: a, qos: 3 }]', 'expected 0, 1 or 2'],
    [`${FINE}\nversion: 3`, 'expected 4 (for MQTT 3.1.1) or 5'],
    [`${FINE}\npassword: { env: P }`, 'expected a username too'],
    [`${FINE}\nusername: me\npassword: swordfish`, 'a secret does not stand in the config'],
    [`${FINE}\ncaFile: /ca`, 'expected mqtts:// where there are certificates'],
    [`${FINE.replace('mqtt:', 'mqtts:')}\ncertFile: /c`, 'expected certFile and keyFile together'],
    [`${FINE}\nshare: a/b`, 'expected 1 to 64 letters'],
    [`${FINE}\nreceiveMaximum: 0`, 'expected at least 1'],
    [`${FINE}\nkeepAliveS: 0`, 'expected at least 1'],
  ] as const)('G9 safe-config: refuses %j', ([settings, fault]) => {
    expect(faults(settings)).toContain(fault);
  });
});
