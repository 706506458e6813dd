/** How a file begins: its format, and whose it is. */
import type { DiskFile } from './disk.ts';
import { altered, cut, newerFormat, notTally, unreadable } from './flaws.ts';
import { decodeHeader } from './manifest.ts';
import { RecordSource } from './record-source.ts';
import { MAGIC, PREFIX } from './record.ts';
import { TALLY_FORMAT, type TallyHeader } from './tally-file.ts';

export type Opening = {
  readonly header: TallyHeader;
  readonly chain: Buffer;
  /** Where the first frame begins. */
  readonly end: number;
  readonly size: number;
};

/** Rejects with what is wrong when the file does not begin as one; `tally-file-cut` when it has no whole header. */
export async function readOpening(file: DiskFile): Promise<Opening> {
  const { path } = file;
  const prefix = Buffer.alloc(PREFIX.length);
  const [size, read] = await sizeAndPrefix(file, prefix);
  if (!prefix.subarray(0, read).subarray(0, MAGIC.length).equals(MAGIC.subarray(0, read))) {
    throw notTally(path);
  }
  if (read < PREFIX.length) throw cut(path, { frames: 0, events: 0 });
  const format = prefix.readUInt32LE(MAGIC.length);
  if (format > TALLY_FORMAT) throw newerFormat(path, format);
  if (format < TALLY_FORMAT) {
    throw altered(path, {
      where: 'the format',
      offset: MAGIC.length,
      why: `there is no ${format}`,
    });
  }
  const found = await new RecordSource(file, size).next();
  const { offset } = found;
  if (found.kind === 'altered') {
    throw altered(path, { where: 'the header', offset, why: found.why });
  }
  if (found.kind !== 'record') throw cut(path, { frames: 0, events: 0 });
  const header = found.type === 'header' ? decodeHeader(found.body) : undefined;
  if (header === undefined) {
    throw altered(path, { where: 'the header', offset, why: 'something else is there' });
  }
  return { header, chain: found.chain, end: found.end, size };
}

async function sizeAndPrefix(file: DiskFile, prefix: Buffer): Promise<[number, number]> {
  try {
    return [await file.size(), await file.read(prefix, 0)];
  } catch (error) {
    throw unreadable(file.path, error);
  }
}
