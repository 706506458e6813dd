/**
 * Names that scanners give to symbologies, as AIM symbology identifiers (ISO/IEC 15424).
 *
 * Names are those of Zebra's DataWedge (`LABEL-TYPE-…`), Honeywell, Datalogic and Newland. What is not here stays as it is.
 */
import { textOf } from './values.ts';

/** Of an id that has several names, the first one is the one that it says by itself. */
const NAMES: readonly (readonly [aimId: string, ...names: string[]])[] = [
  [']A0', 'CODE39'],
  [']C0', 'CODE128'],
  [']C1', 'GS1128', 'EAN128', 'UCCEAN128', 'CODE128GS1'],
  [']C4', 'ISBT128'],
  [']E0', 'EAN13', 'UPCA', 'UPCE', 'UPCE0', 'UPCE1', 'BOOKLAND'],
  [']E4', 'EAN8'],
  [']F0', 'CODABAR'],
  [']G0', 'CODE93'],
  [']H0', 'CODE11'],
  [']I0', 'I2OF5', 'ITF', 'INTERLEAVED2OF5', 'INTERLEAVED25', 'I25'],
  [']I1', 'ITF14'],
  [']L0', 'PDF417'],
  [']M0', 'MSI'],
  [']Q1', 'QRCODE', 'QR'],
  [']Q3', 'GS1QRCODE', 'GS1QR'],
  [']d1', 'DATAMATRIX'],
  [']d2', 'GS1DATAMATRIX'],
  [
    ']e0',
    'GS1DATABAR',
    'GS1DATABARLIM',
    'GS1DATABARLIMITED',
    'GS1DATABAREXP',
    'GS1DATABAREXPANDED',
  ],
  [']h0', 'HANXIN'],
  [']J0', 'DOTCODE'],
  [']J1', 'GS1DOTCODE'],
  [']z0', 'AZTEC', 'AZTECCODE'],
];

/** Names that say no more than the id does. */
const SYNONYMS: ReadonlySet<string> = new Set([
  'EAN128',
  'UCCEAN128',
  'CODE128GS1',
  'ITF',
  'INTERLEAVED2OF5',
  'INTERLEAVED25',
  'I25',
  'QR',
  'GS1QR',
  'AZTECCODE',
]);

type Known = { readonly aimId: string; readonly saysMore: boolean };

const KNOWN: ReadonlyMap<string, Known> = new Map(
  NAMES.flatMap(([aimId, ...names]) =>
    names.map((name, i): [string, Known] => [
      name,
      { aimId, saysMore: i > 0 && !SYNONYMS.has(name) },
    ]),
  ),
);

/** Honeywell's code ids, a letter each, where no AIM id comes with them. */
const CODE_IDS: Readonly<Record<string, string>> = {
  I: ']C1',
  a: ']F0',
  b: ']A0',
  d: ']E0',
  D: ']E4',
  e: ']I0',
  g: ']M0',
  h: ']H0',
  i: ']G0',
  j: ']C0',
  r: ']L0',
  s: ']Q1',
  w: ']d1',
  y: ']e0',
  z: ']z0',
};

const AIM_ID = /^\][A-Za-z][\dA-Za-z]$/u;

export type Symbology = {
  /** The AIM id; the name as it is where none is known. */
  readonly symbology?: string;
  /** The name where it tells more than the id, as `UPCA` does, which is an EAN-13 to its AIM id. */
  readonly labelType?: string;
};

/** What a scanner calls the symbology of a label. */
export function symbologyOf(said: unknown): Symbology {
  const text = textOf(said);
  if (text === undefined) return {};
  if (AIM_ID.test(text)) return { symbology: text };
  const aimId = Object.hasOwn(CODE_IDS, text) ? CODE_IDS[text] : undefined;
  if (aimId !== undefined) return { symbology: aimId };
  const name = text
    .toUpperCase()
    .replace(/^LABEL-TYPE-/u, '')
    .replaceAll(/[^\dA-Z]/gu, '');
  const known = KNOWN.get(name);
  if (known === undefined) return { symbology: text };
  return known.saysMore ? { symbology: known.aimId, labelType: text } : { symbology: known.aimId };
}
