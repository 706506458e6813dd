/**
 * Bluetooth advertisements of Ruuvi sensors (https://docs.ruuvi.com/communication/bluetooth-advertisements): manufacturer
 * specific data of the company 0x0499, whose first byte is the data format. 3 (RAWv1), 5 (RAWv2), C5 (Cut-RAWv2), 6 and E1
 * (Ruuvi Air) are read; all are big endian, and a value with all bits set (of signed ones: the smallest) is not there.
 */
import type { Reading } from '#shared/event.ts';

/** What one advertisement says. */
export type RuuviAdvert = {
  /** As upper-case hex: `5`, `C5`, … */
  readonly dataFormat: string;
  readonly readings: readonly Reading[];
  readonly movementCounter?: number | undefined;
  readonly measurementSequence?: number | undefined;
  readonly txPowerDbm?: number | undefined;
  /** `F4:1F:0C:28:CB:D6`; format 6 carries only half of it, 3 none. */
  readonly mac?: string | undefined;
  /** The air sensor has not settled yet. */
  readonly calibrating?: boolean;
};

/** AD type of the Bluetooth Assigned Numbers, 2.3. */
const MANUFACTURER_DATA = 0xff;

/** The data of a company in an advertisement: length, type and data, again and again. */
function manufacturerData(advert: Uint8Array, company: number): Uint8Array | undefined {
  for (let at = 0; at < advert.length;) {
    const length = advert[at] ?? 0;
    // A length of 0 ends an advertisement early; one that lies ends it too.
    if (length === 0 || at + 1 + length > advert.length) return undefined;
    const isOfCompany =
      length >= 3 &&
      advert[at + 1] === MANUFACTURER_DATA &&
      advert[at + 2] === (company & 0xff) &&
      advert[at + 3] === company >> 8;
    if (isOfCompany) return advert.subarray(at + 4, at + 1 + length);
    at += 1 + length;
  }
  return undefined;
}

const RUUVI = 0x0499;

type Layout = {
  readonly bytes: number;
  readonly read: (data: DataView) => Omit<RuuviAdvert, 'dataFormat'>;
};

const LAYOUTS: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0x03, { bytes: 14, read: readRaw1 }],
  [0x05, { bytes: 24, read: readRaw2 }],
  [0xc5, { bytes: 18, read: readCutRaw2 }],
  [0x06, { bytes: 20, read: readAir }],
  [0xe1, { bytes: 40, read: readExtendedAir }],
]);

/** `undefined` when it is not one of Ruuvi's, or of a format that is not known, or too short for it. */
export function parseRuuviAdvert(advert: Uint8Array): RuuviAdvert | undefined {
  const data = manufacturerData(advert, RUUVI);
  const format = data?.[0];
  const layout = format === undefined ? undefined : LAYOUTS.get(format);
  if (data === undefined || format === undefined || layout === undefined) return undefined;
  if (data.length < layout.bytes) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return { dataFormat: format.toString(16).toUpperCase(), ...layout.read(view) };
}

function readRaw2(data: DataView): Omit<RuuviAdvert, 'dataFormat'> {
  const { batteryVoltage, txPowerDbm } = power(data.getUint16(13));
  return {
    readings: [
      ...climate(data),
      ...acceleration(data, 7),
      ...reading('batteryVoltage', batteryVoltage, 'VLT'),
    ],
    movementCounter: counter(data.getUint8(15), 0xff),
    measurementSequence: counter(data.getUint16(16), 0xffff),
    txPowerDbm,
    mac: macAt(data, 18, 6),
  };
}

function readCutRaw2(data: DataView): Omit<RuuviAdvert, 'dataFormat'> {
  const { batteryVoltage, txPowerDbm } = power(data.getUint16(7));
  return {
    readings: [...climate(data), ...reading('batteryVoltage', batteryVoltage, 'VLT')],
    movementCounter: counter(data.getUint8(9), 0xff),
    measurementSequence: counter(data.getUint16(10), 0xffff),
    txPowerDbm,
    mac: macAt(data, 12, 6),
  };
}

/** Has a value for everything; its acceleration is signed, its temperature a sign, a whole number and hundredths. */
function readRaw1(data: DataView): Omit<RuuviAdvert, 'dataFormat'> {
  const whole = data.getUint8(2);
  const hundredths = data.getUint8(3);
  const size = ((whole & 0x7f) * 100 + hundredths) / 100;
  return {
    readings: [
      ...reading('temperature', hundredths > 99 ? undefined : whole > 0x7f ? -size : size, 'CEL'),
      ...reading('humidity', data.getUint8(1) / 2, 'P1'),
      ...reading('pressure', data.getUint16(4) + PASCAL_OFFSET, 'PAL'),
      ...acceleration(data, 6),
      ...reading('batteryVoltage', data.getUint16(12) / 1000, 'VLT'),
    ],
  };
}

const LUX_CODE_STEP = Math.log(65_536) / 254;

function readAir(data: DataView): Omit<RuuviAdvert, 'dataFormat'> {
  const flags = data.getUint8(16);
  const luxCode = counter(data.getUint8(13), 0xff);
  const lux =
    luxCode === undefined
      ? undefined
      : Math.round((Math.exp(luxCode * LUX_CODE_STEP) - 1) * 100) / 100;
  return {
    readings: [
      ...climate(data),
      ...particles(data, 7, 'pm2.5'),
      ...reading('co2', counter(data.getUint16(9), 0xffff), '59'),
      ...indexes(data.getUint8(11), data.getUint8(12), flags),
      ...reading('illuminance', lux, 'LUX'),
    ],
    measurementSequence: data.getUint8(15),
    calibrating: (flags & 1) === 1,
    mac: macAt(data, 17, 3),
  };
}

function readExtendedAir(data: DataView): Omit<RuuviAdvert, 'dataFormat'> {
  const flags = data.getUint8(28);
  const centilux = counter(uint24(data, 19), 0xff_ffff);
  return {
    readings: [
      ...climate(data),
      ...particles(data, 7, 'pm1'),
      ...particles(data, 9, 'pm2.5'),
      ...particles(data, 11, 'pm4'),
      ...particles(data, 13, 'pm10'),
      ...reading('co2', counter(data.getUint16(15), 0xffff), '59'),
      ...indexes(data.getUint8(17), data.getUint8(18), flags),
      ...reading('illuminance', over(centilux, 100), 'LUX'),
    ],
    measurementSequence: counter(uint24(data, 25), 0xff_ffff),
    calibrating: (flags & 1) === 1,
    mac: macAt(data, 34, 6),
  };
}

const PASCAL_OFFSET = 50_000;
const NO_INT16 = -0x8000;

/** Temperature, humidity and pressure stand at the same place in all formats but the first. */
function climate(data: DataView): Reading[] {
  const pressure = counter(data.getUint16(5), 0xffff);
  return [
    ...reading('temperature', over(counter(data.getInt16(1), NO_INT16), 200), 'CEL'),
    ...reading('humidity', over(counter(data.getUint16(3), 0xffff), 400), 'P1'),
    ...reading('pressure', pressure === undefined ? undefined : pressure + PASCAL_OFFSET, 'PAL'),
  ];
}

function acceleration(data: DataView, at: number): Reading[] {
  return ['X', 'Y', 'Z'].flatMap((axis, i) =>
    reading(`acceleration${axis}`, over(counter(data.getInt16(at + 2 * i), NO_INT16), 1000), 'g'),
  );
}

function particles(data: DataView, at: number, name: string): Reading[] {
  return reading(name, over(counter(data.getUint16(at), 0xffff), 10), 'GQ');
}

/** Nine bits each: the lowest is in the flags. */
function indexes(vocByte: number, noxByte: number, flags: number): Reading[] {
  return [
    ...reading('voc', counter((vocByte << 1) | ((flags >> 6) & 1), 0x1ff)),
    ...reading('nox', counter((noxByte << 1) | (flags >> 7), 0x1ff)),
  ];
}

/** Eleven bits of millivolts above 1.6 V, five bits of 2 dBm above -40 dBm. */
function power(bits: number): {
  batteryVoltage: number | undefined;
  txPowerDbm: number | undefined;
} {
  const millivolts = counter(bits >> 5, 0x7ff);
  const steps = counter(bits & 0x1f, 0x1f);
  return {
    batteryVoltage: millivolts === undefined ? undefined : (millivolts + 1600) / 1000,
    txPowerDbm: steps === undefined ? undefined : steps * 2 - 40,
  };
}

function counter(value: number, notThere: number): number | undefined {
  return value === notThere ? undefined : value;
}

function over(value: number | undefined, divisor: number): number | undefined {
  return value === undefined ? undefined : value / divisor;
}

function reading(name: string, value: number | undefined, unit?: string): Reading[] {
  if (value === undefined) return [];
  return [unit === undefined ? { name, value } : { name, value, unit }];
}

function uint24(data: DataView, at: number): number {
  return (data.getUint8(at) << 16) | data.getUint16(at + 1);
}

/** With all bits set there is none. */
function macAt(data: DataView, at: number, bytes: number): string | undefined {
  const octets = Array.from({ length: bytes }, (_, i) => data.getUint8(at + i));
  if (octets.every((octet) => octet === 0xff)) return undefined;
  return octets.map((octet) => octet.toString(16).padStart(2, '0').toUpperCase()).join(':');
}
