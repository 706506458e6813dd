/** EPCs of all schemes go from fields to a tag and back; a tag that is read as an EPC holds exactly that one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { epcUriOfKey, keyOfEpc } from './epc-keys.ts';
import {
  EPC_SCHEMES,
  GID_BITS,
  PREFIX_DIGITS,
  type EpcFields,
  type EpcScheme,
} from './epc-schemes.ts';
import { epcHexOf, epcUriOf, parseEpcUri, tagUriOf } from './epc-uri.ts';
import { parseEpc } from './epc.ts';
import { identify, identifyEpc } from './identify.ts';

const SET_82 =
  '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'0123456789'.split('')),
    minLength: length,
    maxLength: length,
  });
const numbers = (bits: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }).map(String);
const text = (charactersMax: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...SET_82.split('')), minLength: 1, maxLength: charactersMax });

function fieldsOf(scheme: EpcScheme): fc.Arbitrary<EpcFields> {
  if (scheme.type === 'gid') {
    const [prefix, reference, serial] = GID_BITS.map(numbers);
    return fc.record({
      scheme: fc.constant(scheme),
      filter: fc.constant(0),
      partition: fc.constant(0),
      prefix: prefix ?? fc.constant(''),
      reference: reference ?? fc.constant(''),
      serial: serial ?? fc.constant(''),
    });
  }
  return fc.nat(6).chain((partition) =>
    fc.record({
      scheme: fc.constant(scheme),
      filter: fc.nat(7),
      partition: fc.constant(partition),
      prefix: digits(PREFIX_DIGITS[partition] ?? 0),
      reference: referenceOf(scheme, partition),
      serial: serialOf(scheme),
    }),
  );
}

function referenceOf(scheme: EpcScheme, partition: number): fc.Arbitrary<string> {
  const referenceDigits = scheme.referenceDigits[partition] ?? 0;
  if (scheme.isReferenceText) return text(referenceDigits);
  return scheme.type === 'giai'
    ? numbers(scheme.referenceBits[partition] ?? 0)
    : digits(referenceDigits);
}

function serialOf({ serial }: EpcScheme): fc.Arbitrary<string> {
  if (serial.kind === 'number') return numbers(serial.bits);
  return serial.kind === 'text' ? text(serial.bits / 7) : fc.constant('');
}

test.for(EPC_SCHEMES.map((scheme): [string, EpcScheme] => [scheme.name, scheme]))(
  'a %s goes to hexadecimal, to its URIs, to its key, and back',
  ([, scheme]) => {
    fc.assert(
      fc.property(fieldsOf(scheme), (fields) => {
        const hex = epcHexOf(fields);
        expect(hex.length).toBe(Math.ceil(scheme.bits / 16) * 4);
        expect(parseEpc(hex)).toEqual(fields);
        expect(parseEpc(hex.toLowerCase())).toEqual(fields);
        expect(parseEpcUri(tagUriOf(fields))).toEqual(fields);

        const identity = identifyEpc(hex);
        const epcUri = epcUriOf(fields);
        expect(identity).toMatchObject({ scheme: scheme.name, check: 'valid', epcUri });
        expect(identify(epcUri)).toMatchObject({ parcelId: identity.parcelId, epcUri });
        const key = keyOfEpc(fields);
        if (key !== undefined) expect(epcUriOfKey(key, fields.prefix.length)).toBe(epcUri);
      }),
    );
  },
);

/** Bytes that begin as some EPC does, of the length that it has. */
const tags = fc.oneof(
  fc
    .tuple(fc.constantFrom(...EPC_SCHEMES), fc.uint8Array({ minLength: 26, maxLength: 26 }))
    .map(([{ header, bits }, bytes]) => {
      const tag = Buffer.from(bytes).subarray(0, Math.ceil(bits / 16) * 2);
      tag[0] = header;
      return tag.toString('hex').toUpperCase();
    }),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase()),
);

test('whatever a tag holds is exactly the EPC that it is taken for, or kept as it is', () => {
  fc.assert(
    fc.property(tags, (hex) => {
      const fields = parseEpc(hex);
      const identity = identifyEpc(hex);
      if (typeof fields === 'string') {
        expect(identity).toEqual({
          scheme: 'unknown',
          parcelId: hex,
          check: 'none',
          attributes: { 'epc.reason': fields },
        });
      } else {
        expect(epcHexOf(fields)).toBe(hex);
        expect(parseEpcUri(tagUriOf(fields))).toEqual(fields);
      }
    }),
    { numRuns: 3000 },
  );
});
