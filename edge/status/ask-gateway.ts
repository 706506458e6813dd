/** Asks a gateway how it stands. Anybody may listen on a port: what answers is believed only as far as it parses. */
import { describe, TallyError } from '#shared/errors.ts';

import { STATUS_PATH, statusSchema, type Status } from './status.ts';

const ANSWER_MS_MAX = 5000;
/** Far more than a document is. */
const ANSWER_BYTES_MAX = 1024 * 1024;

/** `undefined` where nothing listens; a `TallyError` (`status-unavailable`) where what answers is no gateway, or hangs. */
export async function askGateway(host: string, port: number): Promise<Status | undefined> {
  const name = host.includes(':') ? `[${host}]` : host;
  const url = `http://${name}:${port}${STATUS_PATH}`;
  let body: string;
  try {
    body = await read(url);
  } catch (cause) {
    if (isRefused(cause)) return undefined;
    throw unavailable(url, cause instanceof Error && cause.name === 'TimeoutError' ? HANGS : cause);
  }
  try {
    return statusSchema.parse(JSON.parse(body));
  } catch (cause) {
    throw unavailable(url, cause instanceof SyntaxError ? cause : OTHER);
  }
}

const HANGS = new Error(`no answer within ${ANSWER_MS_MAX / 1000} s; see its log`);
const OTHER = new Error('the answer is not of a gateway of this version');

async function read(url: string): Promise<string> {
  const answer = await fetch(url, {
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
    redirect: 'error',
    headers: { connection: 'close' },
  });
  const decoder = new TextDecoder();
  let text = '';
  const parts: AsyncIterable<Uint8Array> | null = answer.body;
  for await (const part of parts ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
  }
  if (!answer.ok) throw new Error(`it answers with ${answer.status}`);
  return text;
}

function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}

function unavailable(url: string, cause: unknown): TallyError {
  return new TallyError('stop', 'status-unavailable', `cannot ask ${url}: ${describe(cause)}`, {
    cause,
  });
}
