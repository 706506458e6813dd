/** The pinned release of the NATS project: one archive per architecture, known by its checksum. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { NatsServerOrigin } from './origin.ts';

const run = promisify(execFile);

const VERSION = '2.14.5';
const SHA256: Readonly<Record<string, string>> = {
  x64: '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355',
  arm64: '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c',
};
const ARCH_NAMES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

export type Release = {
  readonly version: string;
  /** Of a `.tar.gz`. */
  readonly url: string;
  /** Of the archive, in hexadecimal. */
  readonly sha256: string;
  /** The path of the binary inside the archive. */
  readonly member: string;
};

export type ReleaseLimits = {
  /** A network that drops packets must not keep a start waiting: this long for the answer to begin. */
  readonly answerMsMax: number;
  /** And this long for all of it. */
  readonly downloadMsMax: number;
  readonly bytesMax: number;
};

const LIMITS: ReleaseLimits = {
  answerMsMax: 8000,
  downloadMsMax: 120_000,
  bytesMax: 64 * 1024 * 1024,
};

export function upstreamRelease(
  release: Release | undefined = pinnedRelease(process.arch),
  limits: ReleaseLimits = LIMITS,
): NatsServerOrigin {
  return {
    name: `the upstream release ${release?.version ?? VERSION}`,
    async *fetch(dir, signal) {
      if (release === undefined) throw new Error(`there is none for ${process.arch}`);
      const archive = join(dir, 'nats-server.tar.gz');
      const sha256 = await download(release.url, archive, limits, signal);
      if (sha256 !== release.sha256) {
        throw new Error(`${release.url} has the checksum ${sha256}, not ${release.sha256}`);
      }
      await run('tar', ['-xzf', archive, '-C', dir, release.member], { signal });
      yield join(dir, release.member);
    },
  };
}

function pinnedRelease(arch: string): Release | undefined {
  const sha256 = SHA256[arch];
  const archName = ARCH_NAMES[arch];
  if (sha256 === undefined || archName === undefined) return undefined;
  const name = `nats-server-v${VERSION}-linux-${archName}`;
  return {
    version: VERSION,
    url: `https://github.com/nats-io/nats-server/releases/download/v${VERSION}/${name}.tar.gz`,
    sha256,
    member: `${name}/nats-server`,
  };
}

/** Writes what the URL gives to `file`, and gives its SHA-256. */
async function download(
  url: string,
  file: string,
  limits: ReleaseLimits,
  signal: AbortSignal,
): Promise<string> {
  const deadline = new AbortController();
  const stop = (what: string) => (): void => deadline.abort(new Error(what));
  let timer = setTimeout(
    stop(`${url} did not answer in ${limits.answerMsMax} ms`),
    limits.answerMsMax,
  );
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, deadline.signal]) });
    if (!response.ok || response.body === null) throw new Error(`${url} says ${response.status}`);
    clearTimeout(timer);
    timer = setTimeout(
      stop(`${url} took more than ${limits.downloadMsMax} ms`),
      limits.downloadMsMax,
    );
    return await save(response.body, file, limits.bytesMax);
  } finally {
    clearTimeout(timer);
  }
}

async function save(
  body: AsyncIterable<Uint8Array>,
  file: string,
  bytesMax: number,
): Promise<string> {
  const hash = createHash('sha256');
  const output = await open(file, 'wx');
  try {
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new Error(`it is larger than ${bytesMax} bytes`);
      hash.update(chunk);
      await output.writeFile(chunk);
    }
  } finally {
    await output.close();
  }
  return hash.digest('hex');
}
