/**
 * What the I/O elements of Teltonika's trackers measure, by their AVL id: the permanent ones, which mean the same on all
 * of the FMB, FMC, FMM and FMT families. https://wiki.teltonika-gps.com/view/FMB120_Teltonika_Data_Sending_Parameters_ID
 *
 * All elements are kept with their ids (`ioElements`), so that nothing depends on this table being complete. Left out on
 * purpose is what a family or an error code makes ambiguous: 3000 of a BLE sensor is 30 °C and also "no sensor".
 */
import type { Reading } from '#shared/event.ts';

import { numberOf } from '../payload/values.ts';

export type IoElement = {
  readonly name: string;
  readonly unit: string;
  /** What a unit of the element is divided by to be one of `unit`. */
  readonly divisor: number;
  /** Two's complement, which the JSON codec may write unsigned: 64573 is -963. */
  readonly signedBits?: 16 | 32;
  /** Beyond them, the element says that there is no value. */
  readonly min: number;
  readonly max: number;
  /** Within the bounds, and no value all the same. */
  readonly error?: number;
};

const UNSIGNED_16 = { min: 0, max: 65_535 } as const;
const UNSIGNED_32 = { min: 0, max: 4_294_967_295 } as const;
const MILLIVOLT = { unit: 'VLT', divisor: 1000 } as const;
const MILLI_G = { unit: 'g', divisor: 1000, signedBits: 16, min: -8000, max: 8000 } as const;
const METRE = { unit: 'MTR', divisor: 1, ...UNSIGNED_32 } as const;
/** 850: not ready; 2000, 3000, 4000, 5000: not read, not connected, another sensor, not ready. */
const DALLAS = {
  unit: 'CEL',
  divisor: 10,
  signedBits: 32,
  min: -550,
  max: 1150,
  error: 850,
} as const;

const IO_ELEMENTS: ReadonlyMap<number, IoElement> = new Map<number, IoElement>([
  [66, { name: 'externalVoltage', ...MILLIVOLT, ...UNSIGNED_16 }],
  [67, { name: 'batteryVoltage', ...MILLIVOLT, ...UNSIGNED_16 }],
  [68, { name: 'batteryCurrent', unit: 'AMP', divisor: 1000, ...UNSIGNED_16 }],
  [113, { name: 'battery', unit: 'P1', divisor: 1, min: 0, max: 100 }],
  [16, { name: 'odometer', ...METRE }],
  [199, { name: 'tripOdometer', ...METRE }],
  [17, { name: 'axisX', ...MILLI_G }],
  [18, { name: 'axisY', ...MILLI_G }],
  [19, { name: 'axisZ', ...MILLI_G }],
  [9, { name: 'analogInput1', ...MILLIVOLT, ...UNSIGNED_16 }],
  [6, { name: 'analogInput2', ...MILLIVOLT, ...UNSIGNED_16 }],
  [72, { name: 'temperature1', ...DALLAS }],
  [73, { name: 'temperature2', ...DALLAS }],
  [74, { name: 'temperature3', ...DALLAS }],
  [75, { name: 'temperature4', ...DALLAS }],
  [449, { name: 'ignitionOnTime', unit: 'SEC', divisor: 1, ...UNSIGNED_32 }],
]);

/** Those that are 0 or 1. */
const IO_SWITCHES: ReadonlyMap<number, string> = new Map([
  [239, 'ignition'],
  [240, 'movement'],
  [1, 'digitalInput1'],
  [2, 'digitalInput2'],
  [3, 'digitalInput3'],
]);

/** Dilution of precision, in tenths. */
export const PDOP = 181;
export const HDOP = 182;

/** Elements by id: numbers, and text. */
export type IoElements = ReadonlyMap<number, unknown>;

/** Elements of variable length that are text: of all others the bytes mean something. */
export const TEXT_IO: ReadonlySet<number> = new Set([
  // The VIN, a position by ISO 6709.
  256, 387,
]);

/** What of the elements is a measurement. */
export function ioReadings(io: IoElements): Reading[] {
  const readings: Reading[] = [];
  for (const [id, name] of IO_SWITCHES) {
    const value = numberOf(io.get(id), 0, 1);
    if (value === 0 || value === 1) readings.push({ name, value: value === 1 });
  }
  for (const [id, element] of IO_ELEMENTS) {
    const value = measured(io.get(id), element);
    if (value !== undefined) readings.push({ name: element.name, value, unit: element.unit });
  }
  return readings;
}

function measured(value: unknown, element: IoElement): number | undefined {
  const { signedBits, min, max, error, divisor } = element;
  const whole = numberOf(value, -(2 ** 32), 2 ** 32 - 1);
  if (whole === undefined) return undefined;
  const isNegative = signedBits !== undefined && whole >= 2 ** (signedBits - 1);
  const number = isNegative ? whole - 2 ** signedBits : whole;
  return number >= min && number <= max && number !== error ? number / divisor : undefined;
}
