/** CPU time of each format, on payloads as devices send them: the machine may have other things to do. */
import { must } from '#shared/assert.ts';

import type { Decoded, Format, FormatInput } from '../../edge/decode/decode.ts';
import { datawedge } from '../../edge/decode/scanners/datawedge.ts';
import { FORMATS, type FormatName } from '../../edge/decode/formats.ts';
import { decodeGeneric } from '../../edge/decode/generic/generic.ts';
import { impinj } from '../../edge/decode/scanners/impinj.ts';
import { proglove } from '../../edge/decode/scanners/proglove.ts';
import { messageOf, namesOf, samplesOf } from '../../edge/decode/testing/sample-facts.ts';
import { zebra } from '../../edge/decode/scanners/zebra.ts';
import { median, round } from './figures.ts';

/** Of the process, threads of the runtime included; the median round, microseconds an event. */
export type DecodeFigures = { readonly usPerEvent: Readonly<Record<string, number>> };

type Case = {
  readonly name: string;
  readonly format: Format;
  readonly topic: string;
  /** Messages, so that no two in a row are the same. */
  readonly payloads: readonly unknown[];
};

const MESSAGES = 100;
const TAGS = 20;
const ROUNDS = 15;
/** So many events are decoded in a round, at least. */
const EVENTS_A_ROUND = 5000;
const START_MS = Date.UTC(2026, 10, 23, 8);

const messages = <T>(make: (i: number) => T): T[] =>
  Array.from({ length: MESSAGES }, (_, i) => make(i));
const tags = <T>(make: (i: number) => T): T[] => Array.from({ length: TAGS }, (_, i) => make(i));
const epc = (i: number): string => `e2806894000040017790${(4096 + i * 97).toString(16)}`;
const time = (i: number): string => new Date(START_MS + i * 7).toISOString();

const CASES: readonly Case[] = [
  {
    name: 'generic scan',
    format: ({ message }) => decodeGeneric(message),
    topic: 'scan/ring-1',
    payloads: messages((i) => ({
      time: time(i),
      data: `(00)3401234500000${10_000 + i}`,
      symbology: ']C1',
      readPoint: 'dock-06',
      operator: 'op-254',
      action: 'load',
      seq: i,
    })),
  },
  {
    name: 'zebra, 20 tags',
    format: zebra,
    topic: 'zebra/dock-1/data',
    payloads: messages((m) =>
      tags((i) => ({
        data: {
          CRC: '518e',
          PC: '3000',
          antenna: 1 + (i % 4),
          channel: 927.25,
          eventNum: m * TAGS + i,
          format: 'epc',
          idHex: epc(m * TAGS + i),
          peakRssi: -54 - (i % 9),
          phase: i,
          reads: 9,
        },
        timestamp: time(i).replace('Z', '+0000'),
        type: 'INVENTORY',
      })),
    ),
  },
  {
    name: 'zebra, 1 tag',
    format: zebra,
    topic: 'zebra/dock-1/data',
    payloads: messages((i) => ({
      data: { eventNum: i, format: 'epc', idHex: epc(i) },
      timestamp: time(i).replace('Z', '+0000'),
      type: 'SIMPLE',
    })),
  },
  {
    name: 'impinj, 20 tags',
    format: impinj,
    topic: 'impinj/gate/events',
    payloads: messages((m) => tags((i) => impinjTag(m * TAGS + i))),
  },
  {
    name: 'impinj, 1 tag',
    format: impinj,
    topic: 'impinj/gate/events',
    payloads: messages((i) => impinjTag(i)),
  },
  {
    name: 'proglove',
    format: proglove,
    topic: 'proglove/gw/scan',
    payloads: messages((i) => ({
      api_version: '1.0',
      event_type: 'scan',
      event_id: `02114da8-feae-46e3-8b00-a3f7ea86${1000 + i}`,
      time_created: START_MS + i,
      device_serial: 'M2MR111100928',
      gateway_serial: 'PGGW000000042',
      device_model: 'M2_MR',
      scan_code: ']C100106141412345678908',
      scan_bytes: 'XUMxMDAxMDYxNDE0MTIzNDU2Nzg5MDg=',
    })),
  },
  {
    name: 'datawedge',
    format: datawedge,
    topic: 'wedge/tc52-1',
    payloads: messages((i) => ({
      'com.symbol.datawedge.data_string': `003401234500000${10_000 + i}`,
      'com.symbol.datawedge.label_type': 'LABEL-TYPE-EAN128',
      'com.symbol.datawedge.source': 'scanner',
      time: time(i),
    })),
  },
];

function impinjTag(i: number): unknown {
  return {
    timestamp: time(i + 20).replace('Z', '476625Z'),
    eventType: 'tagInventory',
    tagInventoryEvent: {
      epc: Buffer.from(epc(i), 'hex').toString('base64url'),
      epcHex: epc(i).toUpperCase(),
      antennaPort: 1 + (i % 4),
      antennaName: 'Portal1',
      peakRssiCdbm: -5400 - i,
      frequency: 866_900,
      transmitPowerCdbm: 3150,
      lastSeenTime: time(i).replace('Z', '734Z'),
    },
  };
}

/** Samples of devices, each the same message again and again. */
const SAMPLES: readonly (readonly [format: FormatName, sample: string])[] = [
  ['owntracks', 'owntracks/04.json'],
  ['traccar', 'traccar/01.json'],
  ['teltonika', 'teltonika/01.json'],
  ['teltonika-codec', 'teltonika/04.hex'],
  ['flespi', 'flespi/01.json'],
  ['chirpstack', 'chirpstack/01.json'],
  ['the-things-stack', 'ttn/01.json'],
  ['ruuvi', 'ruuvi/01.json'],
];

export function benchDecode(): DecodeFigures {
  const made = CASES.map((each): [string, number] => [
    each.name,
    usPerEvent(each.name, each.format, inputsOf(each)),
  ]);
  const sampled = SAMPLES.map(([name, path]): [string, number] => {
    const format = FORMATS[name].create({ send: () => undefined });
    const samples = samplesOf(path.split('/')[0] ?? '');
    const sample = must(
      samples.find((each) => each.name === path),
      path,
    );
    const input = { message: messageOf(sample), names: namesOf(sample), timeZone: 'Europe/Berlin' };
    return [path, usPerEvent(path, format, [input])];
  });
  const figures = [...made, ...sampled];
  for (const [name, us] of figures) {
    console.log(`${name.padEnd(20)} ${us.toFixed(2).padStart(8)} µs an event`);
  }
  return { usPerEvent: Object.fromEntries(figures.map(([name, us]) => [name, round(us)])) };
}

function inputsOf({ topic, payloads }: Case): FormatInput[] {
  return payloads.map((payload): FormatInput => ({
    message: {
      topic,
      payload: Buffer.from(JSON.stringify(payload)),
      clientId: 'bridge',
      receiveTimeMs: START_MS + 1000,
    },
    names: { deviceId: topic.split('/')[1] ?? '' },
    timeZone: 'UTC',
  }));
}

function usPerEvent(name: string, format: Format, inputs: readonly FormatInput[]): number {
  const perPass = inputs.reduce((sum, input) => sum + countOf(name, format(input)), 0);
  const passes = Math.ceil(EVENTS_A_ROUND / perPass);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage();
    for (let pass = 0; pass < passes; pass++) for (const input of inputs) format(input);
    const { user, system } = process.cpuUsage(start);
    return user + system;
  });
  return median(rounds) / (passes * perPass);
}

/** A format that keeps the payload raw would be measured at what it does not do. */
function countOf(name: string, decoded: Decoded): number {
  if (typeof decoded === 'string') throw new Error(`${name}: ${decoded}`);
  const faulty = decoded.find((event) => event.kind === 'raw');
  if (faulty !== undefined) throw new Error(`${name}: ${faulty.reason}`);
  return decoded.length;
}
