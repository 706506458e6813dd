/**
 * The payload of Sparkplug B: protobuf (proto2) by the published `sparkplug_b.proto` of Eclipse Tahu, read by field
 * numbers. Extensions and fields that are not known are skipped.
 */
import { describe } from '#shared/errors.ts';

import { BYTES, FIXED32, FIXED64, readMessage, tagOf, VARINT, Wire, WireError } from './wire.ts';

export const PAYLOAD_BYTES_MAX = 256 * 1024;
const METRICS_MAX = 16_384;
const DEPTH_MAX = 8;

export type Payload = {
  timestamp?: bigint;
  seq?: bigint;
  uuid?: string;
  /** A copy. */
  body?: Uint8Array;
  readonly metrics: Metric[];
};

/** What is absent was not said. */
export type Metric = {
  name?: string;
  alias?: bigint;
  timestamp?: bigint;
  datatype?: number;
  isHistorical?: boolean;
  isTransient?: boolean;
  isNull?: boolean;
  metadata?: Readonly<Record<string, string | number | boolean>>;
  properties?: PropertySet;
  value?: Value;
};

/** As it is on the wire; the datatype says what it means. */
export type Value =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'long'; readonly value: bigint }
  | { readonly kind: 'float' | 'double'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'dataset'; readonly value: DataSet }
  | { readonly kind: 'template'; readonly value: Template }
  | { readonly kind: 'propertySet'; readonly value: PropertySet }
  | { readonly kind: 'propertySets'; readonly value: readonly PropertySet[] }
  | { readonly kind: 'extension' };

export type Typed = { name?: string; type?: number; isNull?: boolean; value?: Value };
export type PropertySet = readonly Typed[];
export type DataSet = {
  readonly columns: readonly string[];
  readonly types: readonly number[];
  readonly rows: readonly (readonly (Value | undefined)[])[];
};
export type Template = {
  version?: string;
  templateRef?: string;
  isDefinition?: boolean;
  readonly metrics: Metric[];
  readonly parameters: Typed[];
};

/** The payload, or `payload: <what was expected>`. */
export function parsePayload(bytes: Uint8Array): Payload | string {
  if (bytes.length > PAYLOAD_BYTES_MAX)
    return `payload: expected at most ${PAYLOAD_BYTES_MAX} bytes`;
  try {
    return readPayload(bytes);
  } catch (error) {
    if (error instanceof WireError) return `payload: expected ${error.message}`;
    // What protobufjs throws of bytes that are none of protobuf; anything else is a fault of ours.
    const isOfBytes =
      error instanceof RangeError || (error instanceof Error && error.name === 'Error');
    if (!isOfBytes) throw error;
    return `payload: expected Sparkplug B (${describe(error)})`;
  }
}

function readPayload(bytes: Uint8Array): Payload {
  const payload: Payload = { metrics: [] };
  readMessage(bytes, (tag, wire) => {
    switch (tag) {
      case tagOf(1, VARINT):
        payload.timestamp = wire.uint64();
        return true;
      case tagOf(2, BYTES):
        if (payload.metrics.length >= METRICS_MAX)
          throw new WireError(`at most ${METRICS_MAX} metrics`);
        payload.metrics.push(readMetric(wire.bytes(), 0));
        return true;
      case tagOf(3, VARINT):
        payload.seq = wire.uint64();
        return true;
      case tagOf(4, BYTES):
        payload.uuid = wire.text();
        return true;
      case tagOf(5, BYTES):
        payload.body = new Uint8Array(wire.bytes());
        return true;
      default:
        return false;
    }
  });
  return payload;
}

function readMetric(bytes: Uint8Array, depth: number): Metric {
  if (depth > DEPTH_MAX) throw new WireError(`at most ${DEPTH_MAX} levels of templates`);
  const metric: Metric = {};
  readMessage(bytes, (tag, wire) => {
    switch (tag) {
      case tagOf(1, BYTES):
        metric.name = wire.text();
        return true;
      case tagOf(2, VARINT):
        metric.alias = wire.uint64();
        return true;
      case tagOf(3, VARINT):
        metric.timestamp = wire.uint64();
        return true;
      case tagOf(4, VARINT):
        metric.datatype = wire.uint32();
        return true;
      case tagOf(5, VARINT):
        metric.isHistorical = wire.bool();
        return true;
      case tagOf(6, VARINT):
        metric.isTransient = wire.bool();
        return true;
      case tagOf(7, VARINT):
        metric.isNull = wire.bool();
        return true;
      case tagOf(8, BYTES):
        metric.metadata = readMetadata(wire.bytes());
        return true;
      case tagOf(9, BYTES):
        metric.properties = readPropertySet(wire.bytes(), 0);
        return true;
      case tagOf(16, BYTES):
        metric.value = { kind: 'bytes', value: new Uint8Array(wire.bytes()) };
        return true;
      case tagOf(17, BYTES):
        metric.value = { kind: 'dataset', value: readDataSet(wire.bytes()) };
        return true;
      case tagOf(18, BYTES):
        metric.value = { kind: 'template', value: readTemplate(wire.bytes(), depth + 1) };
        return true;
      case tagOf(19, BYTES):
        wire.bytes();
        metric.value = { kind: 'extension' };
        return true;
      default: {
        const value = readScalar(tag, 10, wire);
        if (value !== undefined) metric.value = value;
        return value !== undefined;
      }
    }
  });
  return metric;
}

/** The six plain kinds of a value stand in this order wherever there are values. */
function readScalar(tag: number, firstField: number, wire: Wire): Value | undefined {
  switch (tag - firstField * 8) {
    case VARINT:
      return { kind: 'int', value: wire.uint32() };
    case 8 + VARINT:
      return { kind: 'long', value: wire.uint64() };
    case 16 + FIXED32:
      return { kind: 'float', value: wire.float() };
    case 24 + FIXED64:
      return { kind: 'double', value: wire.double() };
    case 32 + VARINT:
      return { kind: 'boolean', value: wire.bool() };
    case 40 + BYTES:
      return { kind: 'string', value: wire.text() };
    default:
      return undefined;
  }
}

function readMetadata(bytes: Uint8Array): Record<string, string | number | boolean> {
  const metadata: Record<string, string | number | boolean> = {};
  readMessage(bytes, (tag, wire) => {
    switch (tag) {
      case tagOf(1, VARINT):
        metadata['isMultiPart'] = wire.bool();
        return true;
      case tagOf(2, BYTES):
        metadata['contentType'] = wire.text();
        return true;
      case tagOf(3, VARINT):
        metadata['size'] = String(wire.uint64());
        return true;
      case tagOf(4, VARINT):
        metadata['seq'] = String(wire.uint64());
        return true;
      case tagOf(5, BYTES):
        metadata['fileName'] = wire.text();
        return true;
      case tagOf(6, BYTES):
        metadata['fileType'] = wire.text();
        return true;
      case tagOf(7, BYTES):
        metadata['md5'] = wire.text();
        return true;
      case tagOf(8, BYTES):
        metadata['description'] = wire.text();
        return true;
      default:
        return false;
    }
  });
  return metadata;
}

/** Keys and values are two lists of the same length. */
function readPropertySet(bytes: Uint8Array, depth: number): PropertySet {
  if (depth > DEPTH_MAX) throw new WireError(`at most ${DEPTH_MAX} levels of properties`);
  const keys: string[] = [];
  const values: Typed[] = [];
  readMessage(bytes, (tag, wire) => {
    if (tag === tagOf(1, BYTES)) keys.push(wire.text());
    else if (tag === tagOf(2, BYTES)) values.push(readProperty(wire.bytes(), depth));
    else return false;
    return true;
  });
  if (keys.length !== values.length) throw new WireError('a value for each property');
  return values.map((value, i) => ({ ...value, name: keys[i] ?? '' }));
}

function readProperty(bytes: Uint8Array, depth: number): Typed {
  const property: Typed = {};
  readMessage(bytes, (tag, wire) => {
    if (tag === tagOf(1, VARINT)) property.type = wire.uint32();
    else if (tag === tagOf(2, VARINT)) property.isNull = wire.bool();
    else if (tag === tagOf(9, BYTES))
      property.value = { kind: 'propertySet', value: readPropertySet(wire.bytes(), depth + 1) };
    else if (tag === tagOf(10, BYTES))
      property.value = { kind: 'propertySets', value: readPropertySets(wire.bytes(), depth + 1) };
    else {
      const value = readScalar(tag, 3, wire);
      if (value === undefined) return false;
      property.value = value;
    }
    return true;
  });
  return property;
}

function readPropertySets(bytes: Uint8Array, depth: number): PropertySet[] {
  const sets: PropertySet[] = [];
  readMessage(bytes, (tag, wire) => {
    if (tag !== tagOf(1, BYTES)) return false;
    sets.push(readPropertySet(wire.bytes(), depth));
    return true;
  });
  return sets;
}

function readDataSet(bytes: Uint8Array): DataSet {
  const columns: string[] = [];
  const types: number[] = [];
  const rows: (Value | undefined)[][] = [];
  readMessage(bytes, (tag, wire) => {
    if (tag === tagOf(1, VARINT)) wire.uint64();
    else if (tag === tagOf(2, BYTES)) columns.push(wire.text());
    else if (tag === tagOf(3, VARINT)) types.push(wire.uint32());
    else if (tag === tagOf(3, BYTES)) readPacked(wire.bytes(), types);
    else if (tag === tagOf(4, BYTES)) rows.push(readRow(wire.bytes()));
    else return false;
    return true;
  });
  return { columns, types, rows };
}

/** Numbers of a repeated field in one, as newer writers have them. */
function readPacked(bytes: Uint8Array, numbers: number[]): void {
  const wire = new Wire(bytes);
  while (wire.more) numbers.push(wire.uint32());
}

function readRow(bytes: Uint8Array): (Value | undefined)[] {
  const elements: (Value | undefined)[] = [];
  readMessage(bytes, (tag, wire) => {
    if (tag !== tagOf(1, BYTES)) return false;
    elements.push(readElement(wire.bytes()));
    return true;
  });
  return elements;
}

function readElement(bytes: Uint8Array): Value | undefined {
  let found: Value | undefined;
  readMessage(bytes, (tag, wire) => {
    const value = readScalar(tag, 1, wire);
    found = value ?? found;
    return value !== undefined;
  });
  return found;
}

function readTemplate(bytes: Uint8Array, depth: number): Template {
  const template: Template = { metrics: [], parameters: [] };
  readMessage(bytes, (tag, wire) => {
    if (tag === tagOf(1, BYTES)) template.version = wire.text();
    else if (tag === tagOf(2, BYTES)) template.metrics.push(readMetric(wire.bytes(), depth));
    else if (tag === tagOf(3, BYTES)) template.parameters.push(readParameter(wire.bytes()));
    else if (tag === tagOf(4, BYTES)) template.templateRef = wire.text();
    else if (tag === tagOf(5, VARINT)) template.isDefinition = wire.bool();
    else return false;
    return true;
  });
  return template;
}

function readParameter(bytes: Uint8Array): Typed {
  const parameter: Typed = {};
  readMessage(bytes, (tag, wire) => {
    if (tag === tagOf(1, BYTES)) parameter.name = wire.text();
    else if (tag === tagOf(2, VARINT)) parameter.type = wire.uint32();
    else {
      const value = readScalar(tag, 3, wire);
      if (value === undefined) return false;
      parameter.value = value;
    }
    return true;
  });
  return parameter;
}
