/**
 * What the fields of decoded sensor payloads mean, where their names are common enough to be sure of the unit.
 *
 * LoRaWAN codecs are written device by device and name things as they like. The names here are those of the Cayenne Low
 * Power Payload (https://docs.mydevices.com/docs/lorawan/cayenne-lpp), of Dragino's codecs
 * (https://github.com/dragino/dragino-end-node-decoder: `TempC_SHT`, `Hum_SHT`, `BatV`), of Milesight's
 * (https://github.com/Milesight-IoT/SensorDecoders), and what others share with them. A field whose unit is not sure is no
 * reading: it stays where the whole decoded payload is kept.
 */
import type { Reading } from '#shared/event.ts';

import { isObject, type JsonObject } from '../payload/fields.ts';
import { unitCodeOf } from '../payload/units.ts';
import { numberOf } from '../payload/values.ts';

type Measure = {
  readonly min: number;
  readonly max: number;
  /** `undefined`: not sure. */
  readonly unit: (value: number) => string | undefined;
};

const always =
  (unit: string): Measure['unit'] =>
  () =>
    unit;
const upTo = (max: number, unit: string): Measure => ({ min: 0, max, unit: always(unit) });

const CELSIUS: Measure = { min: -273.15, max: 2000, unit: always('CEL') };
const FAHRENHEIT: Measure = { min: -459.67, max: 4000, unit: always('FAH') };
const PERCENT = upTo(100, 'P1');
const DEGREES = upTo(360, 'DD');
/** Air: the two units of it are a hundred times apart. */
const PRESSURE: Measure = {
  min: 300,
  max: 120_000,
  unit: (value) => (value <= 1200 ? 'A97' : value >= 30_000 ? 'PAL' : undefined),
};
/** Nothing at a depot has both: volts below a thousand, or millivolts above. */
const VOLTAGE: Measure = {
  min: 0,
  max: 100_000,
  unit: (value) => (value >= 1000 ? '2Z' : 'VLT'),
};
/** Codecs write percent, volts or millivolts here: what may be both, up to 5, is not sure. */
const BATTERY: Measure = {
  min: 0,
  max: 10_000,
  unit: (value) => {
    if (value >= 1000) return '2Z';
    return value === 0 || (value > 5 && value <= 100) ? 'P1' : undefined;
  },
};

/** By the name in lower case without separators and without the number of a channel. */
const MEASURES: ReadonlyMap<string, Measure> = new Map([
  ...named(CELSIUS, 'temperature', 'temp', 'tempc', 'temperaturec', 'temperaturecelsius'),
  ...named(CELSIUS, 'tempcsht', 'tempcds', 'tempcsht31', 'airtemperature', 'ambienttemperature'),
  ...named(CELSIUS, 'internaltemperature', 'externaltemperature', 'soiltemperature', 'tempsoil'),
  ...named(CELSIUS, 'watertemperature', 'boardtemperature', 'dewpoint', 'temperatureinternal'),
  ...named(FAHRENHEIT, 'tempf', 'temperaturef', 'temperaturefahrenheit'),
  ...named(PERCENT, 'humidity', 'hum', 'rh', 'relativehumidity', 'humsht', 'humsht31'),
  ...named(PERCENT, 'airhumidity', 'soilmoisture', 'moisture', 'soilhumidity', 'watersoil'),
  ...named(PERCENT, 'batterylevel', 'batterypercent', 'batterypercentage', 'batterypct'),
  ...named(PRESSURE, 'pressure', 'barometricpressure', 'airpressure', 'barometer'),
  ...named(VOLTAGE, 'batv', 'batteryvoltage', 'batvoltage', 'vbat', 'vbatt', 'voltage', 'vdd'),
  ...named(VOLTAGE, 'supplyvoltage', 'batterymv', 'batmv'),
  ...named(BATTERY, 'battery', 'bat'),
  ...named(upTo(200_000, 'LUX'), 'illuminance', 'illuminancelux', 'lux', 'illumlx', 'illumination'),
  ...named(upTo(100_000, '59'), 'co2', 'co2ppm', 'carbondioxide'),
  ...named(upTo(100_000, '61'), 'tvocppb'),
  ...named(upTo(10_000, 'GQ'), 'pm1', 'pm25', 'pm10', 'pm4'),
  ...named(upTo(1_000_000, 'MMT'), 'distancemm'),
  ...named(upTo(100_000, 'CMT'), 'distancecm'),
  ...named(DEGREES, 'winddirection'),
]);

function named(measure: Measure, ...names: readonly string[]): [string, Measure][] {
  return names.map((name) => [name, measure]);
}

/** Names that end in digits of their own. */
const WITH_DIGITS = /^(?:.*sht31|co2|pm\d+)$/u;
const NAME_CHARACTERS_MAX = 64;

function measureOf(name: string): Measure | undefined {
  if (name.length > NAME_CHARACTERS_MAX) return undefined;
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');
  const known = MEASURES.get(plain);
  if (known !== undefined || WITH_DIGITS.test(plain)) return known;
  return MEASURES.get(plain.replace(/\d+$/u, ''));
}

/** 0x7FFF and 0x8000 over ten or a hundred: what a codec makes of a probe that is not there. */
const MISSING = new Set([327.67, 327.66, -327.67, -327.68, 3276.7, -3276.7, -3276.8]);

/** A number with the unit that its name tells; `undefined` when it tells none, or the value cannot be. */
function readingOf(name: string, value: unknown): Reading | undefined {
  const measure = measureOf(name.slice(name.lastIndexOf('.') + 1));
  if (measure === undefined) return undefined;
  const number = numberOf(value, measure.min, measure.max);
  if (number === undefined || MISSING.has(number)) return undefined;
  const unit = measure.unit(number);
  return unit === undefined ? undefined : { name, value: number, unit };
}

const DEPTH_MAX = 4;
const READINGS_MAX = 256;

/**
 * The readings in a decoded payload, named by their path: numbers whose unit is known, objects that say their own
 * (`{"value", "unit"}`, as Decentlab's codecs do), and truths, which need none.
 */
export function readingsOf(decoded: JsonObject): Reading[] {
  const readings: Reading[] = [];
  collect(decoded, '', readings);
  return readings;
}

function collect(object: JsonObject, prefix: string, readings: Reading[]): void {
  for (const name in object) {
    if (readings.length >= READINGS_MAX) return;
    const value = object[name];
    const path = `${prefix}${name}`;
    const reading = typeof value === 'boolean' ? { name: path, value } : readingOf(path, value);
    if (reading !== undefined) readings.push(reading);
    else if (isObject(value)) {
      const own = readingWithUnit(path, value);
      if (own !== undefined) readings.push(own);
      else if (path.split('.').length < DEPTH_MAX) collect(value, `${path}.`, readings);
    }
  }
}

function readingWithUnit(name: string, object: JsonObject): Reading | undefined {
  const unit = unitCodeOf(object['unit']);
  const value = numberOf(object['value'], -Number.MAX_VALUE, Number.MAX_VALUE);
  if (unit === undefined || value === undefined || MISSING.has(value)) return undefined;
  return { name, value, unit };
}
