/**
 * The EPC binary schemes as data (GS1 EPC Tag Data Standard 1.13, section 14.6).
 *
 * All begin with an 8 bit header. All but `gid-96` go on with a 3 bit filter, a 3 bit partition, and the company prefix and a
 * reference, which share a number of bits and of digits in the way that the partition says.
 */

export type EpcType =
  | 'sgtin'
  | 'sscc'
  | 'sgln'
  | 'grai'
  | 'giai'
  | 'gdti'
  | 'gsrn'
  | 'gsrnp'
  | 'gid';

export type EpcSchemeName =
  | `${Exclude<EpcType, 'gid'>}-96`
  | 'gid-96'
  | 'sgtin-198'
  | 'sgln-195'
  | 'grai-170'
  | 'giai-202'
  | 'gdti-174';

export type EpcScheme = {
  /** As a tag URI has it: `sgtin-96`. */
  readonly name: EpcSchemeName;
  /** As a pure identity URI has it: `sgtin`. */
  readonly type: EpcType;
  readonly header: number;
  readonly bits: number;
  /** By the partition, 0 to 6: the bits of the reference behind the company prefix. */
  readonly referenceBits: readonly number[];
  /** By the partition: the digits of the reference; for a GIAI how many characters it has at most. */
  readonly referenceDigits: readonly number[];
  /** Whether the reference is 7-bit characters: a GIAI-202. */
  readonly isReferenceText: boolean;
  /** What follows the reference. */
  readonly serial:
    | { readonly kind: 'none' }
    | { readonly kind: 'number'; readonly bits: number }
    | { readonly kind: 'text'; readonly bits: number }
    | { readonly kind: 'reserved'; readonly bits: number };
};

/** The fields of an EPC, as its URI has them between the points, before percent-encoding. */
export type EpcFields = {
  readonly scheme: EpcScheme;
  /** 0 for a GID, which has none. */
  readonly filter: number;
  readonly partition: number;
  /** The GS1 company prefix; of a GID the general manager number. */
  readonly prefix: string;
  /** Item reference, serial reference, location …; of a GID the object class. */
  readonly reference: string;
  /** Empty where the scheme has none. */
  readonly serial: string;
};

/** By the partition, 0 to 6: the bits of the company prefix, and its digits. */
export const PREFIX_BITS: readonly number[] = [40, 37, 34, 30, 27, 24, 20];
export const PREFIX_DIGITS: readonly number[] = [12, 11, 10, 9, 8, 7, 6];

/** The bits of the three fields of a GID: manager, object class, serial. */
export const GID_BITS: readonly [number, number, number] = [28, 24, 36];

const up = (from: number): readonly number[] =>
  PREFIX_DIGITS.map((_, partition) => from + partition);

const ITEM = {
  referenceBits: [4, 7, 10, 14, 17, 20, 24],
  referenceDigits: up(1),
  isReferenceText: false,
};
const ASSET_TYPE = { ...ITEM, referenceDigits: up(0) };
const LOCATION = { ...ASSET_TYPE, referenceBits: [1, 4, 7, 11, 14, 17, 21] };
const UNIT = {
  referenceBits: [18, 21, 24, 28, 31, 34, 38],
  referenceDigits: up(5),
  isReferenceText: false,
};
const NONE = { kind: 'none' } as const;

export const EPC_SCHEMES: readonly EpcScheme[] = [
  {
    name: 'sgtin-96',
    type: 'sgtin',
    header: 0x30,
    bits: 96,
    ...ITEM,
    serial: { kind: 'number', bits: 38 },
  },
  {
    name: 'sgtin-198',
    type: 'sgtin',
    header: 0x36,
    bits: 198,
    ...ITEM,
    serial: { kind: 'text', bits: 140 },
  },
  {
    name: 'sscc-96',
    type: 'sscc',
    header: 0x31,
    bits: 96,
    ...UNIT,
    serial: { kind: 'reserved', bits: 24 },
  },
  {
    name: 'sgln-96',
    type: 'sgln',
    header: 0x32,
    bits: 96,
    ...LOCATION,
    serial: { kind: 'number', bits: 41 },
  },
  {
    name: 'sgln-195',
    type: 'sgln',
    header: 0x39,
    bits: 195,
    ...LOCATION,
    serial: { kind: 'text', bits: 140 },
  },
  {
    name: 'grai-96',
    type: 'grai',
    header: 0x33,
    bits: 96,
    ...ASSET_TYPE,
    serial: { kind: 'number', bits: 38 },
  },
  {
    name: 'grai-170',
    type: 'grai',
    header: 0x37,
    bits: 170,
    ...ASSET_TYPE,
    serial: { kind: 'text', bits: 112 },
  },
  {
    name: 'giai-96',
    type: 'giai',
    header: 0x34,
    bits: 96,
    referenceBits: [42, 45, 48, 52, 55, 58, 62],
    referenceDigits: up(13),
    isReferenceText: false,
    serial: NONE,
  },
  {
    name: 'giai-202',
    type: 'giai',
    header: 0x38,
    bits: 202,
    referenceBits: [148, 151, 154, 158, 161, 164, 168],
    referenceDigits: up(18),
    isReferenceText: true,
    serial: NONE,
  },
  {
    name: 'gsrn-96',
    type: 'gsrn',
    header: 0x2d,
    bits: 96,
    ...UNIT,
    serial: { kind: 'reserved', bits: 24 },
  },
  {
    name: 'gsrnp-96',
    type: 'gsrnp',
    header: 0x2e,
    bits: 96,
    ...UNIT,
    serial: { kind: 'reserved', bits: 24 },
  },
  {
    name: 'gdti-96',
    type: 'gdti',
    header: 0x2c,
    bits: 96,
    ...LOCATION,
    serial: { kind: 'number', bits: 41 },
  },
  {
    name: 'gdti-174',
    type: 'gdti',
    header: 0x3e,
    bits: 174,
    ...LOCATION,
    serial: { kind: 'text', bits: 119 },
  },
  {
    name: 'gid-96',
    type: 'gid',
    header: 0x35,
    bits: 96,
    ...ITEM,
    serial: { kind: 'number', bits: 36 },
  },
];

const BY_HEADER: readonly (EpcScheme | undefined)[] = Array.from({ length: 256 }, (_, header) =>
  EPC_SCHEMES.find((scheme) => scheme.header === header),
);
const BY_NAME = new Map(EPC_SCHEMES.map((scheme): [string, EpcScheme] => [scheme.name, scheme]));

export function schemeOfHeader(header: number): EpcScheme | undefined {
  return BY_HEADER[header];
}

export function schemeOfName(name: string): EpcScheme | undefined {
  return BY_NAME.get(name);
}

const BY_TYPE = Map.groupBy(
  EPC_SCHEMES.toSorted((a, b) => a.bits - b.bits),
  ({ type }): string => type,
);

/** The schemes of a pure identity, the one of the fewest bits first; none when `type` is no EPC. */
export function schemesOfType(type: string): readonly EpcScheme[] {
  return BY_TYPE.get(type) ?? [];
}
