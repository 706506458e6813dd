/** Writes payloads of Sparkplug B as an edge node does, and such as none should. */
import protobuf from 'protobufjs/minimal.js';

const { Writer } = protobuf;

export type WrittenMetric = {
  readonly name?: string;
  readonly alias?: number;
  readonly timestamp?: number;
  readonly datatype?: number;
  readonly isHistorical?: boolean;
  readonly isTransient?: boolean;
  readonly isNull?: boolean;
  readonly metadata?: Uint8Array;
  readonly properties?: Uint8Array;
  readonly int?: number;
  readonly long?: bigint;
  readonly float?: number;
  readonly double?: number;
  readonly boolean?: boolean;
  readonly string?: string;
  readonly bytes?: Uint8Array;
  readonly dataset?: Uint8Array;
  readonly template?: Uint8Array;
  readonly extension?: Uint8Array;
};

export type WrittenPayload = {
  readonly timestamp?: number;
  readonly seq?: number;
  readonly uuid?: string;
  readonly body?: Uint8Array;
  readonly metrics?: readonly WrittenMetric[];
};

/** Field number, how it is written, and what: a message of such fields. */
export type WrittenField =
  | readonly [field: number, kind: 'int' | 'float' | 'double', value: number]
  | readonly [field: number, kind: 'long', value: bigint]
  | readonly [field: number, kind: 'bool', value: boolean]
  | readonly [field: number, kind: 'text', value: string]
  | readonly [field: number, kind: 'bytes', value: Uint8Array];

export function written(fields: readonly WrittenField[]): Uint8Array {
  const writer = Writer.create();
  for (const [field, kind, value] of fields) {
    switch (kind) {
      case 'int':
        writer.uint32(field * 8).uint32(value);
        break;
      case 'long':
        writer.uint32(field * 8).uint64(String(value));
        break;
      case 'bool':
        writer.uint32(field * 8).bool(value);
        break;
      case 'float':
        writer.uint32(field * 8 + 5).float(value);
        break;
      case 'double':
        writer.uint32(field * 8 + 1).double(value);
        break;
      case 'text':
        writer.uint32(field * 8 + 2).string(value);
        break;
      case 'bytes':
        writer.uint32(field * 8 + 2).bytes(value);
        break;
      default:
        throw new Error(`a field of the kind ${String(kind satisfies never)}`);
    }
  }
  return writer.finish();
}

export function writtenMetric(metric: WrittenMetric): Uint8Array {
  const fields: (WrittenField | undefined)[] = [
    metric.name === undefined ? undefined : [1, 'text', metric.name],
    metric.alias === undefined ? undefined : [2, 'long', BigInt(metric.alias)],
    metric.timestamp === undefined ? undefined : [3, 'long', BigInt(metric.timestamp)],
    metric.datatype === undefined ? undefined : [4, 'int', metric.datatype],
    metric.isHistorical === undefined ? undefined : [5, 'bool', metric.isHistorical],
    metric.isTransient === undefined ? undefined : [6, 'bool', metric.isTransient],
    metric.isNull === undefined ? undefined : [7, 'bool', metric.isNull],
    metric.metadata === undefined ? undefined : [8, 'bytes', metric.metadata],
    metric.properties === undefined ? undefined : [9, 'bytes', metric.properties],
    metric.int === undefined ? undefined : [10, 'int', metric.int],
    metric.long === undefined ? undefined : [11, 'long', metric.long],
    metric.float === undefined ? undefined : [12, 'float', metric.float],
    metric.double === undefined ? undefined : [13, 'double', metric.double],
    metric.boolean === undefined ? undefined : [14, 'bool', metric.boolean],
    metric.string === undefined ? undefined : [15, 'text', metric.string],
    metric.bytes === undefined ? undefined : [16, 'bytes', metric.bytes],
    metric.dataset === undefined ? undefined : [17, 'bytes', metric.dataset],
    metric.template === undefined ? undefined : [18, 'bytes', metric.template],
    metric.extension === undefined ? undefined : [19, 'bytes', metric.extension],
  ];
  return written(fields.filter((field) => field !== undefined));
}

export function writtenPayload(payload: WrittenPayload): Uint8Array {
  const fields: (WrittenField | undefined)[] = [
    payload.timestamp === undefined ? undefined : [1, 'long', BigInt(payload.timestamp)],
    ...(payload.metrics ?? []).map((metric): WrittenField => [2, 'bytes', writtenMetric(metric)]),
    payload.seq === undefined ? undefined : [3, 'long', BigInt(payload.seq)],
    payload.uuid === undefined ? undefined : [4, 'text', payload.uuid],
    payload.body === undefined ? undefined : [5, 'bytes', payload.body],
  ];
  return written(fields.filter((field) => field !== undefined));
}

/** Properties whose values are text. */
export function writtenProperties(properties: Readonly<Record<string, string>>): Uint8Array {
  const keys = Object.keys(properties).map((key): WrittenField => [1, 'text', key]);
  const values = Object.values(properties).map((value): WrittenField => [
    2,
    'bytes',
    written([
      [1, 'int', 12],
      [8, 'text', value],
    ]),
  ]);
  return written([...keys, ...values]);
}
