/**
 * How a file ends: the manifest, and the seal, which has a fixed size, so that it is found from the end of the file.
 *
 * ```
 *   manifest's offset: u64 │ flags: u8 │ ephemeral key: 32 │ tag: 16 │ signer: 32 │ signature: 64
 *                            1 encrypted  zeros when it is not         zeros when it is not signed
 *                            2 signed
 * ```
 * The signature is Ed25519 over the manifest's chain, which commits to every byte before the seal.
 */
import { type KeyObject, sign, verify } from 'node:crypto';

import type { TallyError } from '#shared/errors.ts';

import { type Decryptor, type Encryptor, EPHEMERAL_BYTES, TAG_BYTES } from './cipher.ts';
import { altered, badSignature } from './flaws.ts';
import { recordBytes, SEAL_BYTES } from './format.ts';
import { fingerprintOf, publicKeyOf, rawPublicKey } from './keys.ts';
import { decodeManifest } from './manifest.ts';
import type { DiskFile } from './part-file.ts';
import { type FoundRecord, type Opening, RecordSource } from './record-source.ts';
import type { TallyManifest } from './tally-file.ts';

/** The two records, not yet looked into. */
type EndingRecords = { readonly manifest: FoundRecord; readonly seal: FoundRecord };

/** What they say. */
export type Ending = {
  readonly manifest: TallyManifest;
  readonly manifestChain: Buffer;
  /** Where the seal begins. */
  readonly sealOffset: number;
  readonly seal: Seal;
};

/** The records of the file's end; undefined when it does not end as a whole one does. */
export async function findEnding(
  file: DiskFile,
  { end, size, chain: binding }: Opening,
): Promise<EndingRecords | undefined> {
  const sealOffset = size - recordBytes(SEAL_BYTES);
  if (sealOffset < end) return undefined;
  const seal = await new RecordSource(file, size, { offset: sealOffset, binding }).next();
  if (seal.kind !== 'record' || seal.type !== 'seal') return undefined;
  const manifestOffset = decodeSeal(seal.body)?.manifestOffset ?? size;
  if (manifestOffset < end || manifestOffset > sealOffset) return undefined;
  const manifest = await new RecordSource(file, size, { offset: manifestOffset, binding }).next();
  return manifest.kind === 'record' && manifest.type === 'manifest' && manifest.end === sealOffset
    ? { manifest, seal }
    : undefined;
}

/** What the records say, or the error when they say nothing, or nothing that fits the file. */
export function decodeEnding(
  path: string,
  {
    manifest: { body, offset, chain },
    seal: { body: sealBody, offset: sealOffset },
  }: EndingRecords,
  { header }: Opening,
): Ending | TallyError {
  const manifest = decodeManifest(body);
  if (manifest === undefined) {
    return altered(path, { where: 'the manifest', offset, why: 'it is none' });
  }
  const seal = decodeSeal(sealBody);
  const isFitting =
    seal?.manifestOffset === offset &&
    (seal.encryption === undefined) === (header.recipient === undefined);
  if (!isFitting)
    return altered(path, { where: 'the seal', offset: sealOffset, why: 'it is another' });
  return { manifest, manifestChain: chain, sealOffset, seal };
}

/** Why the file is not by whom it should be; undefined when it is, as far as can be told. */
export function proofProblem(
  path: string,
  { seal, manifestChain, sealOffset }: Ending,
  keys: { readonly decryptor: Decryptor | undefined; readonly signedBy: KeyObject | undefined },
): TallyError | undefined {
  const problem = signatureProblem(seal.signature, manifestChain, keys.signedBy);
  if (problem !== undefined) return badSignature(path, problem);
  const { encryption } = seal;
  if (encryption === undefined || keys.decryptor === undefined) return undefined;
  return keys.decryptor.isManifestTag(encryption.ephemeral, encryption.tag, manifestChain)
    ? undefined
    : altered(path, { where: 'the seal', offset: sealOffset, why: 'its encryption is broken' });
}

function signatureProblem(
  signature: Seal['signature'],
  manifestChain: Buffer,
  expected: KeyObject | undefined,
): string | undefined {
  const wanted = expected === undefined ? undefined : fingerprintOf(expected);
  if (signature === undefined) {
    return wanted === undefined ? undefined : `nobody signed it, and ${wanted} should have`;
  }
  const signer = fingerprintOf(signature.signer);
  if (!verify(null, signedBytes(manifestChain), signature.signer, signature.bytes)) {
    return `the signature, which says it is of ${signer}, is not of what is in the file`;
  }
  return wanted === undefined || wanted === signer
    ? undefined
    : `it is signed by ${signer}, and should be by ${wanted}`;
}

/** Of the signature, which has been checked. */
export function signerOf({ seal }: Ending): string | undefined {
  return seal.signature === undefined ? undefined : fingerprintOf(seal.signature.signer);
}

const CONTEXT = Buffer.from('tallyport tally-file 1 manifest');

const ENCRYPTED = 1;
const SIGNED = 2;

const FLAGS_AT = 8;
const EPHEMERAL_AT = FLAGS_AT + 1;
const TAG_AT = EPHEMERAL_AT + EPHEMERAL_BYTES;
const SIGNER_AT = TAG_AT + TAG_BYTES;
const SIGNATURE_AT = SIGNER_AT + 32;

export type Seal = {
  readonly manifestOffset: number;
  readonly encryption: { readonly ephemeral: Buffer; readonly tag: Buffer } | undefined;
  readonly signature: { readonly signer: KeyObject; readonly bytes: Buffer } | undefined;
};

export function encodeSeal(
  manifestOffset: number,
  manifestChain: Buffer,
  keys: { readonly encryptor: Encryptor | undefined; readonly signWith: KeyObject | undefined },
): Buffer {
  const seal = Buffer.alloc(SEAL_BYTES);
  seal.writeBigUInt64LE(BigInt(manifestOffset), 0);
  const { encryptor, signWith } = keys;
  const isEncrypted = encryptor === undefined ? 0 : ENCRYPTED;
  seal.writeUInt8(isEncrypted | (signWith === undefined ? 0 : SIGNED), FLAGS_AT);
  if (encryptor !== undefined) {
    encryptor.ephemeral.copy(seal, EPHEMERAL_AT);
    encryptor.manifestTag(manifestChain).copy(seal, TAG_AT);
  }
  if (signWith !== undefined) {
    rawPublicKey(signWith).copy(seal, SIGNER_AT);
    sign(null, signedBytes(manifestChain), signWith).copy(seal, SIGNATURE_AT);
  }
  return seal;
}

/** Undefined when the bytes are no seal. */
function decodeSeal(bytes: Buffer): Seal | undefined {
  if (bytes.length !== SEAL_BYTES) return undefined;
  const manifestOffset = bytes.readBigUInt64LE(0);
  const flags = bytes.readUInt8(FLAGS_AT);
  if (flags > (ENCRYPTED | SIGNED) || manifestOffset > BigInt(Number.MAX_SAFE_INTEGER)) {
    return undefined;
  }
  const part = (from: number, to?: number): Buffer => Buffer.from(bytes.subarray(from, to));
  const encryption = { ephemeral: part(EPHEMERAL_AT, TAG_AT), tag: part(TAG_AT, SIGNER_AT) };
  const signer = publicKeyOf('ed25519', part(SIGNER_AT, SIGNATURE_AT));
  return {
    manifestOffset: Number(manifestOffset),
    encryption: (flags & ENCRYPTED) === 0 ? undefined : encryption,
    signature: (flags & SIGNED) === 0 ? undefined : { signer, bytes: part(SIGNATURE_AT) },
  };
}

function signedBytes(manifestChain: Buffer): Buffer {
  return Buffer.concat([CONTEXT, manifestChain]);
}
