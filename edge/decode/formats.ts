/** The formats that a route can name, each with what it is for. */
import { chirpstack } from './sensors/chirpstack.ts';
import { datawedge } from './scanners/datawedge.ts';
import type { Format } from './decode.ts';
import { flespi } from './trackers/flespi.ts';
import { genericKind } from './generic/generic-kind.ts';
import { generic } from './generic/generic.ts';
import { impinj } from './scanners/impinj.ts';
import { owntracks } from './trackers/owntracks.ts';
import { proglove } from './scanners/proglove.ts';
import { ruuvi } from './sensors/ruuvi.ts';
import { shelly } from './sensors/shelly.ts';
import { createSparkplug } from './sparkplug/sparkplug.ts';
import { tasmota } from './sensors/tasmota.ts';
import { teltonika } from './trackers/teltonika.ts';
import { teltonikaCodec } from './trackers/teltonika-codec.ts';
import { theThingsStack } from './sensors/the-things-stack.ts';
import { traccar } from './trackers/traccar.ts';
import { zebra } from './scanners/zebra.ts';
import { zigbee2mqtt } from './sensors/zigbee2mqtt.ts';

/** What a format may ask of the gateway. */
export type FormatParts = {
  /** Publishes to the devices of a broker; absent `source`: the gateway's own. */
  readonly send: (command: Command) => void;
};

export type Command = {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly source: string | undefined;
};

type Entry = { readonly title: string; readonly create: (parts: FormatParts) => Format };

export const FORMAT_NAMES = [
  'generic',
  'scan',
  'position',
  'reading',
  'status',
  'zebra',
  'impinj',
  'proglove',
  'datawedge',
  'owntracks',
  'traccar',
  'teltonika',
  'teltonika-codec',
  'flespi',
  'chirpstack',
  'the-things-stack',
  'ruuvi',
  'shelly',
  'tasmota',
  'zigbee2mqtt',
  'sparkplug',
] as const;

export type FormatName = (typeof FORMAT_NAMES)[number];

export const FORMATS: Readonly<Record<FormatName, Entry>> = {
  generic: { title: 'the generic profile, kind and device in the topic', create: () => generic },
  scan: { title: 'scans of the generic profile', create: () => genericKind('scan') },
  position: { title: 'positions of the generic profile', create: () => genericKind('position') },
  reading: { title: 'readings of the generic profile', create: () => genericKind('reading') },
  status: { title: 'statuses of the generic profile', create: () => genericKind('status') },
  zebra: { title: 'Zebra IoT Connector: readers, sleds, beacons', create: () => zebra },
  impinj: { title: 'Impinj R700', create: () => impinj },
  proglove: { title: 'ProGlove Streams', create: () => proglove },
  datawedge: { title: 'DataWedge and other Android wedges, forwarded', create: () => datawedge },
  owntracks: { title: 'OwnTracks', create: () => owntracks },
  traccar: { title: 'Traccar, forwarded', create: () => traccar },
  teltonika: { title: 'Teltonika codec JSON', create: () => teltonika },
  'teltonika-codec': { title: 'Teltonika codec 8, 8E and 16', create: () => teltonikaCodec },
  flespi: { title: 'Flespi', create: () => flespi },
  chirpstack: { title: 'ChirpStack v4', create: () => chirpstack },
  'the-things-stack': { title: 'The Things Stack v3', create: () => theThingsStack },
  ruuvi: { title: 'Ruuvi Gateway', create: () => ruuvi },
  shelly: { title: 'Shelly, all generations', create: () => shelly },
  tasmota: { title: 'Tasmota', create: () => tasmota },
  zigbee2mqtt: { title: 'Zigbee2MQTT', create: () => zigbee2mqtt },
  sparkplug: { title: 'Sparkplug B 3.0', create: ({ send }) => createSparkplug({ send }) },
};
