/** The status of a gateway that runs: sampled, and served where the config says. */
import { StatusBoard, type BoardParts } from './status-board.ts';
import { openStatusServer } from './status-server.ts';
import type { StatusEvents } from './status.ts';

export type ServeStatusOptions = BoardParts & {
  readonly host: string;
  /** 0: it is not served. */
  readonly port: number;
  readonly events: StatusEvents;
};

/** Never rejects for want of a port: a gateway that cannot be asked is better than none. */
export async function serveStatus(options: ServeStatusOptions): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { host, port, events } = options;
  if (port !== 0) {
    const board = new StatusBoard(options);
    const stopping = new AbortController();
    const running = board.run(stopping.signal).catch((error: unknown) => {
      events.statusUnavailable(error);
    });
    stack.defer(async () => {
      stopping.abort();
      await running;
    });
    try {
      stack.use(
        await openStatusServer({
          host,
          port,
          status: () => board.status(),
          failed: (error) => events.statusUnavailable(error),
        }),
      );
    } catch (error) {
      events.statusUnavailable(error);
    }
  }
  return stack.move();
}
