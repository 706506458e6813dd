import { listenError } from '#shared/listen-error.ts';

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
  try {
    await api.listen({ ...options });
  } catch (cause) {
    throw listenError(cause, options);
  }
  const [address] = api.addresses();
  return typeof address === 'object' ? address.port : options.port;
}
