import { describe, TallyError } from './errors.ts';

/** What it means that a server could not listen: `port-in-use`, or `listen-refused` when the system does not let us. */
export function listenError(
  cause: unknown,
  { host, port }: { host: string; port: number },
): TallyError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'EADDRINUSE') {
    const message = `port ${port} of ${host} is in use: choose another in the config`;
    return new TallyError('stop', 'port-in-use', message, { cause });
  }
  const message = `cannot listen on port ${port} of ${host}: ${describe(cause)}`;
  return new TallyError('stop', 'listen-refused', message, { cause });
}
