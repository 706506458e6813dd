/** EPCs as GS1 keys, and back (GS1 EPC Tag Data Standard 1.13, section 7). */
import { gs1CheckDigit } from '../parcel-id.ts';
import type { EpcFields } from './epc-schemes.ts';
import { epcEscaped, parseEpcUri } from './epc-uri.ts';
import type { Key } from './gs1-keys.ts';

/** The GS1 key that an EPC stands for; undefined for a GID, which is none of GS1's. */
export function keyOfEpc({ scheme, prefix, reference, serial }: EpcFields): Key | undefined {
  switch (scheme.type) {
    case 'sgtin':
      return { type: 'sgtin', value: withCheckDigit(moved(prefix, reference)), serial };
    case 'sscc':
      return { type: 'sscc', value: withCheckDigit(moved(prefix, reference)) };
    case 'sgln': {
      const value = withCheckDigit(prefix + reference);
      // An extension of 0 is how a tag says that there is none.
      return serial === '0' ? { type: 'gln', value } : { type: 'gln', value, serial };
    }
    case 'grai':
      return { type: 'grai', value: `0${withCheckDigit(prefix + reference)}${serial}` };
    case 'gdti':
      return { type: 'gdti', value: withCheckDigit(prefix + reference) + serial };
    case 'giai':
      return { type: 'giai', value: prefix + reference };
    case 'gsrn':
    case 'gsrnp':
      return { type: scheme.type, value: withCheckDigit(prefix + reference) };
    default:
      return undefined;
  }
}

/** The indicator or extension digit, with which the reference of a URI begins, stands before the prefix in the key. */
function moved(prefix: string, reference: string): string {
  return reference.charAt(0) + prefix + reference.slice(1);
}

function withCheckDigit(digits: string): string {
  return `${digits}${gs1CheckDigit(digits)}`;
}

/**
 * The pure identity URI of a key whose company prefix has that many digits, which a bar code does not tell. Undefined where
 * no EPC is made of such a key, as of a GTIN without a serial.
 */
export function epcUriOfKey(key: Key, prefixDigits: number): string | undefined {
  const fields = uriFieldsOf(key, prefixDigits);
  if (fields === undefined) return undefined;
  const type = key.type === 'gln' ? 'sgln' : key.type;
  const uri = `urn:epc:id:${type}:${fields.map(epcEscaped).join('.')}`;
  return typeof parseEpcUri(uri) === 'string' ? undefined : uri;
}

function uriFieldsOf(
  { type, value, serial = '0' }: Key,
  prefixDigits: number,
): readonly string[] | undefined {
  const split = (digits: string): readonly [string, string] => [
    digits.slice(0, prefixDigits),
    digits.slice(prefixDigits),
  ];
  switch (type) {
    case 'sgtin':
    case 'sscc': {
      const [prefix, reference] = split(value.slice(1, -1));
      const fields = [prefix, value.charAt(0) + reference];
      return type === 'sscc' ? fields : [...fields, serial];
    }
    case 'gln':
      return [...split(value.slice(0, -1)), serial];
    case 'grai':
      return [...split(value.slice(1, 13)), value.slice(14)];
    case 'gdti':
      return [...split(value.slice(0, 12)), value.slice(13)];
    case 'giai':
      return split(value);
    case 'gsrn':
    case 'gsrnp':
      return split(value.slice(0, -1));
    default:
      return undefined;
  }
}
