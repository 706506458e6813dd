/** How a file ends: the manifest and the seal, found from its end, and what they prove. */
import type { KeyObject } from 'node:crypto';

import type { TallyError } from '#shared/errors.ts';

import type { Decryptor } from './cipher.ts';
import type { DiskFile } from './disk.ts';
import { altered, badSignature } from './flaws.ts';
import { decodeManifest } from './manifest.ts';
import type { Opening } from './opening.ts';
import { fingerprintOf } from './public-key.ts';
import { type FoundRecord, RecordSource } from './record-source.ts';
import { recordBytes, SEAL_BYTES } from './record.ts';
import { decodeSeal, type Seal, signatureProblem } from './seal.ts';
import type { TallyManifest } from './tally-file.ts';

/** The two records, not yet looked into. */
export type EndingRecords = { readonly manifest: FoundRecord; readonly seal: FoundRecord };

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
  const problem = signatureProblem(seal, manifestChain, keys.signedBy);
  if (problem !== undefined) return badSignature(path, problem);
  const { encryption } = seal;
  if (encryption === undefined || keys.decryptor === undefined) return undefined;
  return keys.decryptor.isManifestTag(encryption.ephemeral, encryption.tag, manifestChain)
    ? undefined
    : altered(path, { where: 'the seal', offset: sealOffset, why: 'its encryption is broken' });
}

/** Of the signature, which has been checked. */
export function signerOf({ seal }: Ending): string | undefined {
  return seal.signature === undefined ? undefined : fingerprintOf(seal.signature.signer);
}
