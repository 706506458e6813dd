/** The formats that a route can name, each with what it is for. */
import type { Format } from './decode.ts';
import { genericKind } from './generic-kind.ts';
import { generic } from './generic.ts';

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

export const FORMAT_NAMES = ['generic', 'scan', 'position', 'reading', 'status'] as const;

export type FormatName = (typeof FORMAT_NAMES)[number];

export const FORMATS: Readonly<Record<FormatName, Entry>> = {
  generic: { title: 'the generic profile, kind and device in the topic', create: () => generic },
  scan: { title: 'scans of the generic profile', create: () => genericKind('scan') },
  position: { title: 'positions of the generic profile', create: () => genericKind('position') },
  reading: { title: 'readings of the generic profile', create: () => genericKind('reading') },
  status: { title: 'statuses of the generic profile', create: () => genericKind('status') },
};
