/**
 * What a bar code's symbology tells about its text.
 *
 * Scanners say it in front of the text as an AIM symbology identifier, `]` and two characters (ISO/IEC 15424; those of
 * GS1 in the GS1 General Specifications, section 5.1.2), or beside it by a name of the vendor's own.
 */

export type Symbology = {
  readonly name: string;
  readonly carries: SymbologyContent;
};

/**
 * - `elements`: a GS1 element string, FNC1 in first position says so.
 * - `gtin`: a GTIN without an application identifier.
 * - `epc`: no bar code: the hexadecimal EPC of a tag.
 * - `any`: whatever somebody printed.
 */
export type SymbologyContent = 'elements' | 'gtin' | 'epc' | 'any';

const AIM: ReadonlyMap<string, Symbology> = new Map([
  [']C1', { name: 'GS1-128', carries: 'elements' }],
  [']d2', { name: 'GS1 DataMatrix', carries: 'elements' }],
  [']Q3', { name: 'GS1 QR Code', carries: 'elements' }],
  [']J1', { name: 'GS1 DotCode', carries: 'elements' }],
  [']e0', { name: 'GS1 DataBar', carries: 'elements' }],
  // The same with an ECI in front, which says what alphabet the text is of.
  [']d5', { name: 'GS1 DataMatrix', carries: 'elements' }],
  [']Q4', { name: 'GS1 QR Code', carries: 'elements' }],
  [']E0', { name: 'EAN-13', carries: 'gtin' }],
  [']E4', { name: 'EAN-8', carries: 'gtin' }],
  [']I1', { name: 'ITF-14', carries: 'gtin' }],
  [']C0', { name: 'Code 128', carries: 'any' }],
  [']d1', { name: 'Data Matrix', carries: 'any' }],
  [']Q1', { name: 'QR Code', carries: 'any' }],
  [']A0', { name: 'Code 39', carries: 'any' }],
]);

/** How many characters an AIM identifier has. */
export const AIM_CHARACTERS = 3;

/** The symbology that the first three characters name; undefined when they are no AIM identifier. */
export function aimSymbologyOf(data: string): Symbology | undefined {
  if (data.charCodeAt(0) !== 0x5d || data.length < AIM_CHARACTERS) return undefined;
  const aim = data.slice(0, AIM_CHARACTERS);
  const known = AIM.get(aim);
  if (known !== undefined) return known;
  const name = NAMES_BY_LETTER[aim.charAt(1)];
  return name !== undefined && MODIFIERS.includes(aim.charAt(2))
    ? { name, carries: 'any' }
    : undefined;
}

/** What the letter of an AIM identifier says; the third character, of a few hexadecimal digits, says how it was sent. */
const NAMES_BY_LETTER: Readonly<Record<string, string | undefined>> = {
  A: 'Code 39',
  C: 'Code 128',
  E: 'EAN/UPC with an add-on',
  F: 'Codabar',
  G: 'Code 93',
  H: 'Code 11',
  I: 'Interleaved 2 of 5',
  J: 'DotCode',
  L: 'PDF417',
  M: 'MSI',
  Q: 'QR Code',
  R: 'IATA 2 of 5',
  S: 'Industrial 2 of 5',
  U: 'MaxiCode',
  X: 'Other',
  d: 'Data Matrix',
  e: 'Composite',
  h: 'Han Xin Code',
  z: 'Aztec Code',
};
const MODIFIERS = '0123456789ABCDEF';

const GTIN_NAMES = new Set(
  [
    'EAN',
    'EAN8',
    'EAN13',
    'JAN8',
    'JAN13',
    'UPC',
    'UPCA',
    'UPCE',
    'UPCE0',
    'UPCE1',
    'ITF14',
  ].flatMap((name) => [name, `LABELTYPE${name}`]),
);
const ELEMENT_NAMES = /^(?:LABELTYPE)?(?:GS1|EAN128|UCC128|UCCEAN128|RSS|DATABAR)/u;
const EPC_NAMES = new Set(['EPC', 'EPCHEX', 'RFID', 'UHF', 'UHFRFID', 'RAIN']);
const NAME_CHARACTERS_MAX = 40;

/** A site's devices have a few names for what they read; more than these are looked at each time. */
const SEEN_NAMES_MAX = 256;
const seen = new Map<string, SymbologyContent>();

/** What a symbology carries that is named in a vendor's way: `EAN-13`, `ean13`, `LABEL-TYPE-EAN128`, `]C1`. */
export function contentOfSymbology(name: string): SymbologyContent {
  const known = seen.get(name);
  if (known !== undefined) return known;
  if (name.length > NAME_CHARACTERS_MAX) return 'any';
  const content = contentOfName(name);
  if (seen.size < SEEN_NAMES_MAX) seen.set(name, content);
  return content;
}

function contentOfName(name: string): SymbologyContent {
  const aim = aimSymbologyOf(name);
  if (aim !== undefined) return aim.carries;
  const plain = name.toUpperCase().replaceAll(/[^A-Z0-9]/gu, '');
  if (GTIN_NAMES.has(plain)) return 'gtin';
  if (EPC_NAMES.has(plain)) return 'epc';
  return ELEMENT_NAMES.test(plain) ? 'elements' : 'any';
}

/**
 * Whether eight digits of a symbology, named in a vendor's way or by its AIM identifier, are UPC-E and no GTIN-8: that one
 * has an identifier of its own.
 */
export function isUpcE(name: string): boolean {
  return /^(?:\]E0|(?:LABEL-?TYPE-?)?UPC[-_ ]?E)/iu.test(name);
}
