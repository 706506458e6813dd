/** The streams as code. */
import { BATCH_BYTES_MAX } from '#proto/batch/limits.ts';
import { DLQ_STREAM, INGEST_STREAM } from '#shared/names.ts';

export type StreamSettings = {
  /** 1, or 3 in production. */
  readonly replicas: number;
  readonly ingestBytesMax: number;
  readonly ingestAgeMaxMs: number;
};

/** A stream's configuration as the JetStream API has it; durations in nanoseconds. */
export type StreamDeclaration = {
  readonly name: string;
  readonly description: string;
  readonly subjects: readonly string[];
  readonly storage: 'file';
  readonly retention: 'limits';
  readonly discard: 'new' | 'old';
  readonly num_replicas: number;
  readonly max_bytes: number;
  readonly max_age: number;
  readonly max_msg_size: number;
  readonly max_consumers: number;
  readonly duplicate_window: number;
  readonly compression: 'none' | 's2';
  readonly deny_delete: boolean;
  readonly metadata: Readonly<Record<string, string>>;
};

const NS_PER_MS = 1_000_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MEBIBYTE = 1024 * 1024;

/** Makes `nats server check stream` work without flags. */
const MONITORED = { 'io.nats.monitor.enabled': 'true' };

export const CONSUMER_NAME = 'consolidate';

export function declareStreams(settings: StreamSettings): StreamDeclaration[] {
  return [
    {
      name: INGEST_STREAM,
      description: 'Batches of events from the gateways; the source of truth',
      subjects: ['ingest.v1.*.*'],
      storage: 'file',
      retention: 'limits',
      // Full is an error that the gateways see: they keep their events and try again.
      discard: 'new',
      num_replicas: settings.replicas,
      max_bytes: settings.ingestBytesMax,
      max_age: settings.ingestAgeMaxMs * NS_PER_MS,
      // With the headers of a dead letter it must still fit NATS's default `max_payload`.
      max_msg_size: BATCH_BYTES_MAX,
      max_consumers: 64,
      // Spares copies that come at once; the ledger of the read model finds all others.
      duplicate_window: 2 * MINUTE_MS * NS_PER_MS,
      compression: 'none',
      deny_delete: true,
      metadata: { ...MONITORED, 'tallyport.schema': 'tallyport.v1.Batch' },
    },
    {
      name: DLQ_STREAM,
      description: 'Batches that could not be applied, with the reason',
      subjects: ['dlq.v1.>'],
      storage: 'file',
      retention: 'limits',
      discard: 'old',
      num_replicas: settings.replicas,
      max_bytes: 256 * MEBIBYTE,
      max_age: 90 * DAY_MS * NS_PER_MS,
      max_msg_size: 2 * MEBIBYTE,
      max_consumers: 64,
      duplicate_window: 60 * MINUTE_MS * NS_PER_MS,
      compression: 's2',
      deny_delete: false,
      metadata: MONITORED,
    },
  ];
}

/** The fields in which a server's stream is not what was declared, each as "field: declared …, found …". */
export function differences(
  declared: StreamDeclaration,
  found: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(declared).flatMap(([field, want]) => {
    const have = field === 'metadata' ? ownMetadata(found[field]) : found[field];
    return canonical(want) === canonical(have)
      ? []
      : [`${field}: declared ${JSON.stringify(want)}, found ${JSON.stringify(have)}`];
  });
}

/** Without what the server adds (`_nats.…`, ADR-44). */
function ownMetadata(metadata: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).filter(([key]) => !key.startsWith('_nats.')),
  );
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return JSON.stringify(value) ?? 'undefined';
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
