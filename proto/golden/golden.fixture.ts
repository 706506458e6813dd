/** A batch as text: JSON, with payloads as `{"base64": …}`. */
import type { Batch } from '../batch/batch.ts';

export function toGolden(batch: Batch): string {
  const json = JSON.stringify(
    batch,
    (_, value: unknown) => (value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value),
    1,
  );
  return `${json}\n`;
}

export function fromGolden(text: string): Batch {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('base64' in value)) return value;
    return new Uint8Array(Buffer.from(String(value.base64), 'base64'));
  }) as Batch;
}
