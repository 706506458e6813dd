/**
 * Every sample, through the routes that a site would write for it: a line of config a device. Each fact that its
 * specification says it carries is compared; the table at the end says how many.
 */
import { afterAll, describe, expect, test } from 'vitest';

import { systemClock } from '#shared/clock.ts';
import { parseConfig } from '#shared/config.ts';
import type { Event } from '#shared/event.ts';
import { carrierCandidates } from '#shared/identifiers/carriers.ts';
import { epcUriOfKey } from '#shared/identifiers/epc-keys.ts';
import { describeEpc } from '#shared/identifiers/epc.ts';
import { readGs1Label } from '#shared/identifiers/gs1-label.ts';
import { parseS10 } from '#shared/identifiers/s10.ts';

import { formatsSchema } from './decode-config.ts';
import { openDecoder } from './open-decoder.ts';
import { frameFacts } from './testing/avl-facts.ts';
import { identified } from './testing/decode-format.ts';
import {
  compareFacts,
  messageOf,
  recordsOf,
  samplesOf,
  type Facts,
  type Sample,
} from './testing/sample-facts.ts';
import { SparkplugFacts } from './testing/sparkplug-facts.ts';

const FORMATS = `
- { topic: "zebra/{deviceId}/data", format: zebra }
- { topic: "zebra/{deviceId}/events", format: zebra }
- { topic: "depot/DATA/clients/data1event/{deviceId}", format: zebra }
- { topic: "impinj/{deviceId}/events", format: impinj }
- { topic: "proglove/#", format: proglove }
- { topic: "owntracks/#", format: owntracks }
- { topic: "traccar/#", format: traccar }
- { topic: "teltonika/{imei}", format: teltonika-codec }
- { topic: "flespi/#", format: flespi }
- { topic: "application/#", format: chirpstack }
- { topic: "v3/#", format: the-things-stack }
- { topic: "ruuvi/#", format: ruuvi }
- { topic: "zigbee2mqtt/#", format: zigbee2mqtt }
- { topic: "tele/#", format: tasmota }
- { topic: "spBv1.0/#", format: sparkplug }
- { topic: "{imei}/data", format: teltonika }
`;

const decoder = openDecoder(
  {
    formats: parseConfig(FORMATS, 'formats', formatsSchema),
    readPoints: [],
    timeZone: 'Europe/Berlin',
  },
  { clock: systemClock, send: () => {} },
);

type Row = { readonly samples: number; readonly facts: number };

const rows = new Map<string, Row>();

function compared(folder: string, wanted: unknown, found: unknown): void {
  const { faults, count } = compareFacts(wanted, found);
  expect(faults).toEqual([]);
  const { samples, facts } = rows.get(folder) ?? { samples: 0, facts: 0 };
  rows.set(folder, { samples: samples + 1, facts: facts + count });
}

async function eventsOf(sample: Sample): Promise<readonly Event[]> {
  const events = await decoder.decode(messageOf(sample));
  expect(events.filter(({ kind }) => kind === 'raw')).toEqual([]);
  return events;
}

const named = (folder: string): [string, Sample][] =>
  samplesOf(folder).map((sample) => [sample.name, sample]);

const DEVICES = [
  'zebra',
  'impinj',
  'proglove',
  'owntracks',
  'traccar',
  'teltonika',
  'flespi',
  'chirpstack',
  'ttn',
  'ruuvi',
  'misc',
];

describe.for(DEVICES)('%s', (folder) => {
  test.for(named(folder))('%s gives its facts, and nothing more happened', async ([, sample]) => {
    const records = recordsOf(await eventsOf(sample)).map(identified);
    const wanted = sample.facts['records'] as readonly Facts[];
    expect(records).toHaveLength(wanted.length);
    const isFrame = sample.name.endsWith('.hex');
    compared(folder, sample.facts, { records, ...(isFrame ? frameFacts(sample.payload) : {}) });
  });
});

describe('sparkplug', () => {
  const facts = new SparkplugFacts();
  test.for(named('sparkplug'))('%s gives its facts', async ([, sample]) => {
    compared('sparkplug', sample.facts, facts.of(await eventsOf(sample)));
  });
});

const IDENTIFIERS: Readonly<Record<string, (content: Facts) => unknown>> = {
  gs1: ({ data }) => {
    const label = readGs1Label(String(data));
    const [key] = label.keys;
    const uri = key === undefined ? undefined : epcUriOfKey(key, 7);
    return { ...label, ...label.meanings, epcUrisByGcpLength: { 7: uri } };
  },
  epc: ({ hex }) => describeEpc(String(hex)),
  s10: ({ text }) => parseS10(String(text)),
  carrier: ({ numbers }) => ({ results: (numbers as string[]).map(carrierFacts) }),
};

function carrierFacts(number: string): Facts {
  const best = carrierCandidates(number).find(({ check }) => check !== 'invalid');
  return { number, carrier: best?.carrier ?? null, valid: best !== undefined };
}

describe.for(Object.keys(IDENTIFIERS))('%s', (folder) => {
  test.for(named(folder))('%s gives its facts', ([, { payload, facts }]) => {
    const content = JSON.parse(payload.toString()) as Facts;
    compared(folder, facts, IDENTIFIERS[folder]?.(content));
  });
});

afterAll(async () => {
  await decoder[Symbol.asyncDispose]();
  const line = (name: string, samples: string | number, facts: string | number): string =>
    `${name.padEnd(12)}${String(samples).padStart(8)}${String(facts).padStart(8)}\n`;
  const sum = (of: (row: Row) => number): number =>
    [...rows.values()].reduce((total, row) => total + of(row), 0);
  process.stdout.write(
    [
      line('format', 'samples', 'facts'),
      ...[...rows].map(([folder, { samples, facts }]) => line(folder, samples, facts)),
      line(
        'together',
        sum(({ samples }) => samples),
        sum(({ facts }) => facts),
      ),
    ].join(''),
  );
});
