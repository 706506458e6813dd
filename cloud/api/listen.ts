import { TallyError } from '#shared/errors.ts';

export type ListenOptions = {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
};

/** What of a server this needs. */
type Server = {
  listen(options: ListenOptions): Promise<string>;
  addresses(): readonly (string | { readonly port: number })[];
};

/** Resolves to the port when the API answers there; rejects with `port-in-use` or `listen-refused`. */
export async function listen(api: Server, options: ListenOptions): Promise<number> {
  const { host, port } = options;
  try {
    await api.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new TallyError(
        'stop',
        'port-in-use',
        `port ${port} on ${host} (HTTP) is in use: choose another`,
        {
          cause: error,
        },
      );
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
      throw new TallyError(
        'stop',
        'listen-refused',
        `cannot listen on port ${port} of ${host} (HTTP)`,
        {
          cause: error,
        },
      );
    }
    throw error;
  }
  const [address] = api.addresses();
  return typeof address === 'object' ? address.port : port;
}
