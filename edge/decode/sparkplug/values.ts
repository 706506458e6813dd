/**
 * What the values of Sparkplug B mean by their datatype (3.0, section 6.4.16): small integers are two's complement in an
 * unsigned 32-bit field, Int64 in an unsigned 64-bit one; beyond 2^53 they are text, so that no digit is lost. A DateTime
 * is ISO 8601, bytes are hex, and what has parts is JSON.
 *
 * Where no datatype is known, the field that the value stands in says what it is; a number in an integer field may be
 * another then, if it is negative.
 */
import type { Reading } from '#shared/event.ts';

import { arrayText } from './arrays.ts';
import { datatypeName, type DatatypeName } from './datatypes.ts';
import type { DataSet, Metric, PropertySet, Template, Typed, Value } from './payload.ts';

export type Meaning = Reading['value'];

/** `undefined` when there is no value, or none of this datatype. A number may be NaN or infinite. */
export function meaningOf(
  value: Value | undefined,
  datatype: number | undefined,
): Meaning | undefined {
  if (value === undefined) return undefined;
  const name = datatypeName(datatype);
  switch (value.kind) {
    case 'int':
    case 'long':
      return integerOf(BigInt(value.value), name, value.kind === 'long');
    case 'float':
    case 'double':
      return value.value;
    case 'boolean':
    case 'string':
      return value.value;
    case 'bytes':
      return (
        (name === undefined ? undefined : arrayText(value.value, name)) ??
        Buffer.from(value.value).toString('hex').toUpperCase()
      );
    case 'dataset':
      return JSON.stringify(dataSetJson(value.value));
    case 'template':
      return JSON.stringify(templateJson(value.value));
    case 'propertySet':
      return JSON.stringify(propertiesJson(value.value));
    case 'propertySets':
      return JSON.stringify(value.value.map(propertiesJson));
    case 'extension':
      return undefined;
    default:
      return value satisfies never;
  }
}

const SIGNED_BITS: Partial<Record<DatatypeName, number>> = {
  Int8: 8,
  Int16: 16,
  Int32: 32,
  Int64: 64,
};

function integerOf(value: bigint, name: DatatypeName | undefined, isLong: boolean): Meaning {
  if (name === 'Boolean') return value !== 0n;
  if (name === 'DateTime') return dateTimeText(value) ?? String(value);
  const bits = name === undefined ? undefined : SIGNED_BITS[name];
  // An Int64 that came in 32 bits was not negative: its sign would not have fitted.
  return exact(bits === undefined || (bits === 64 && !isLong) ? value : BigInt.asIntN(bits, value));
}

/** A number where a double holds it, else its digits. */
export function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** 9999-12-31T23:59:59.999Z. */
const TIME_MS_MAX = 253_402_300_799_999n;

/** Milliseconds since 1970 as a number; `undefined` when no calendar has it. */
export function timeMsOf(value: bigint): number | undefined {
  return value <= TIME_MS_MAX ? Number(value) : undefined;
}

export function dateTimeText(value: bigint): string | undefined {
  const timeMs = timeMsOf(value);
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}

/** As JSON has it: no NaN. */
function jsonOf(value: Value | undefined, datatype: number | undefined): unknown {
  if (value?.kind === 'dataset') return dataSetJson(value.value);
  if (value?.kind === 'template') return templateJson(value.value);
  if (value?.kind === 'propertySet') return propertiesJson(value.value);
  if (value?.kind === 'propertySets') return value.value.map(propertiesJson);
  const meaning = meaningOf(value, datatype);
  if (typeof meaning === 'number' && !Number.isFinite(meaning)) return String(meaning);
  return meaning ?? null;
}

function dataSetJson({ columns, types, rows }: DataSet): unknown {
  return {
    columns,
    types: types.map((type) => datatypeName(type) ?? type),
    rows: rows.map((row) => row.map((element, i) => jsonOf(element, types[i]))),
  };
}

function templateJson(template: Template): unknown {
  const { version, templateRef, isDefinition, metrics, parameters } = template;
  return {
    version,
    templateRef,
    isDefinition,
    parameters: parameters.length === 0 ? undefined : typedJson(parameters),
    metrics: metrics.map(metricJson),
  };
}

function metricJson({ name, datatype, isNull, value }: Metric): unknown {
  return {
    name,
    datatype: datatypeName(datatype) ?? datatype,
    value: isNull === true ? null : jsonOf(value, datatype),
  };
}

/** The properties of a metric, by their names. */
export function propertiesJson(properties: PropertySet): unknown {
  return typedJson(properties);
}

function typedJson(list: readonly Typed[]): unknown {
  return Object.fromEntries(
    list.map(({ name, type, isNull, value }) => [
      name ?? '',
      isNull === true ? null : jsonOf(value, type),
    ]),
  );
}
