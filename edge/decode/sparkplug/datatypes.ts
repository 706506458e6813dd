/** The datatypes of Sparkplug B 3.0 (section 6.4.16, `enum DataType`), by their number. */
const NAMES = [
  'Unknown',
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'UInt8',
  'UInt16',
  'UInt32',
  'UInt64',
  'Float',
  'Double',
  'Boolean',
  'String',
  'DateTime',
  'Text',
  'UUID',
  'DataSet',
  'Bytes',
  'File',
  'Template',
  'PropertySet',
  'PropertySetList',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Int64Array',
  'UInt8Array',
  'UInt16Array',
  'UInt32Array',
  'UInt64Array',
  'FloatArray',
  'DoubleArray',
  'BooleanArray',
  'StringArray',
  'DateTimeArray',
] as const;

export type DatatypeName = (typeof NAMES)[number];

/** `undefined` when there is no such datatype, or it says that it is unknown. */
export function datatypeName(datatype: number | undefined): DatatypeName | undefined {
  return datatype === undefined || datatype === 0 ? undefined : NAMES[datatype];
}

/** The number of Boolean, for commands. */
export const BOOLEAN = NAMES.indexOf('Boolean');
