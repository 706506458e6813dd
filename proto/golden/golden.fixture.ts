/** A batch as text: JSON, with payloads as `{"base64": …}`. */
import type { Batch } from '../batch/batch.ts';

export function fromGolden(text: string): Batch {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('base64' in value)) return value;
    return new Uint8Array(Buffer.from(String(value.base64), 'base64'));
  }) as Batch;
}
