/** `npm start`: the whole system on this machine, until Ctrl-C. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

import { Command, InvalidArgumentError } from 'commander';

import { systemClock } from '#shared/clock.ts';
import { lockDirectory } from '#shared/directory-lock.ts';
import { describe, TallyError } from '#shared/errors.ts';
import { defaultCacheDir, findNatsServer } from '#shared/nats-server.ts';

import { writeConfigFiles, type ConfigFiles } from './start/config-files.ts';
import { SHOWN_PARCEL } from './simulate/depot.ts';
import { assertFree, untilListening } from './start/ports.ts';
import { Supervised } from './start/supervised.ts';

type Options = {
  readonly dataDir: string;
  readonly mqttPort: number;
  readonly httpPort: number;
  readonly natsPort: number;
  readonly simulate?: number;
};

const READY_TIMEOUT_MS = 60_000;
/** All of it is over within 10 s of Ctrl-C: the edge and the cloud at once, then the server they talk to. */
const STOP_GRACE_MS = 4000;
const PORT_MAX = 65_535;

const say = (line: string): void => console.log(line);

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/u.test(text) || value < 1 || value > PORT_MAX)
    throw new InvalidArgumentError('expected a port, 1 to 65535');
  return value;
}

function directory(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('expected a directory');
  return text;
}

function rate(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 100_000))
    throw new InvalidArgumentError('expected messages per second, up to 100000');
  return value;
}

const program = new Command('npm start --')
  .description(
    'Runs the whole of Tallyport on this machine: nats-server, cloud and one depot gateway.',
  )
  .option('--data-dir <DIR>', 'where all data lives', directory, 'tally-data')
  .option('--mqtt-port <N>', 'where devices publish', port, 1883)
  .option('--http-port <N>', 'where the API answers', port, 8080)
  .option('--nats-port <N>', 'where NATS listens', port, 4222)
  .option('--simulate <RATE>', 'play a small depot, RATE messages a second', rate)
  .addHelpText('after', '\nExample:\n  npm start -- --data-dir /tmp/try --simulate 20\n');

async function start(options: Options): Promise<void> {
  const dataDir = resolve(options.dataDir);
  using _lock = occupy(dataDir);
  await assertFree([
    { port: options.mqttPort, flag: '--mqtt-port', what: 'MQTT' },
    { port: options.httpPort, flag: '--http-port', what: 'HTTP' },
    { port: options.natsPort, flag: '--nats-port', what: 'NATS' },
  ]);
  const natsServer = await findNatsServer({
    cacheDir: process.env['NATS_SERVER_CACHE'] ?? defaultCacheDir(),
    path: process.env['PATH'] ?? '',
    log: say,
  });
  const files = await writeConfigFiles({ ...options, dataDir });
  const system = processes(natsServer.path, files);
  const stopping = stopOnSignal(system);
  for (const process of system) process.start();
  const ready = await untilReady(options, stopping, system);
  if (ready) {
    if (options.simulate !== undefined) {
      const simulation = nodeProcess(
        'simulation',
        ['simulate.ts', '--port', `${options.mqttPort}`, '--rate', `${options.simulate}`],
        files,
      );
      system.unshift(simulation);
      simulation.start();
    }
    if (options.simulate !== undefined)
      say(
        `look at http://127.0.0.1:${options.httpPort}/v1/vehicles/truck-301 and /v1/parcels/${SHOWN_PARCEL}`,
      );
    say(`data in ${dataDir}, logs in ${files.logDir}; Ctrl-C ends it`);
    say(
      `ready mqtt://127.0.0.1:${options.mqttPort} http://127.0.0.1:${options.httpPort} nats://127.0.0.1:${options.natsPort}`,
    );
  }
  await stopping.ended;
  if (!ready && !stopping.byUser()) process.exitCode = 1;
}

function processes(natsServer: string, files: ConfigFiles): Supervised[] {
  return [
    nodeProcess('edge', ['tally.js', 'edge', 'run', '--config', files.edge], files),
    nodeProcess('cloud', ['tally.js', 'cloud', 'run', '--config', files.cloud], files),
    new Supervised({
      name: 'nats-server',
      ...withParent([natsServer, '--config', files.nats]),
      logFile: join(files.logDir, 'nats-server.log'),
      isNode: false,
      clock: systemClock,
      say,
    }),
  ];
}

function nodeProcess(
  name: string,
  [script = '', ...args]: string[],
  files: ConfigFiles,
): Supervised {
  return new Supervised({
    name,
    command: process.execPath,
    args: [join(import.meta.dirname, script), ...args],
    logFile: join(files.logDir, `${name}.log`),
    isNode: true,
    clock: systemClock,
    say,
  });
}

/** A command that the kernel ends when we are gone, however we went; where `setpriv` (util-linux) is installed. */
function withParent(command: string[]): { command: string; args: string[] } {
  const setpriv = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((dir) => join(dir, 'setpriv'))
    .find(isExecutable);
  const [first = '', ...rest] =
    setpriv === undefined ? command : [setpriv, '--pdeathsig', 'SIGTERM', ...command];
  return { command: first, args: rest };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

type Stopping = {
  readonly signal: AbortSignal;
  readonly ended: Promise<void>;
  stop(): void;
  byUser(): boolean;
};

function stopOnSignal(system: readonly Supervised[]): Stopping {
  const controller = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let user = false;
  const stop = (): void => {
    if (controller.signal.aborted) {
      for (const process of system) process.kill();
      return;
    }
    controller.abort();
    void stopAll(system).then(end); // Cannot fail: every step ends in a kill.
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      user = true;
      stop();
    });
  }
  return { signal: controller.signal, ended, stop, byUser: () => user };
}

async function stopAll(system: readonly Supervised[]): Promise<void> {
  const server = system.filter(({ name }) => name === 'nats-server');
  await Promise.all(
    system
      .filter((process) => !server.includes(process))
      .map((process) => process.stop(STOP_GRACE_MS)),
  );
  await Promise.all(server.map((process) => process.stop(STOP_GRACE_MS)));
  say('stopped');
}

/** Makes the data directory and takes it for this process: two systems in one would ruin each other's files. */
function occupy(dataDir: string): Disposable {
  try {
    return lockDirectory(dataDir);
  } catch (cause) {
    if (cause instanceof TallyError) throw cause;
    throw new TallyError(
      'stop',
      'config-invalid',
      `--data-dir ${dataDir} cannot be used: ${describe(cause)}`,
      { cause },
    );
  }
}

/** Whether everything answered in time and is alive; otherwise all is stopped. */
async function untilReady(
  options: Options,
  stopping: Stopping,
  system: readonly Supervised[],
): Promise<boolean> {
  const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(READY_TIMEOUT_MS)]);
  try {
    await Promise.all([
      untilListening(options.natsPort, systemClock, signal),
      untilListening(options.mqttPort, systemClock, signal),
      untilAnswers(`http://127.0.0.1:${options.httpPort}/readyz`, signal),
    ]);
    while (!system.every(({ alive }) => alive)) {
      signal.throwIfAborted();
      await systemClock.sleep(50, signal);
    }
    return true;
  } catch {
    if (!stopping.signal.aborted) {
      say(
        `not ready after ${READY_TIMEOUT_MS / 1000} s: see the logs in ${join(resolve(options.dataDir), 'logs')}`,
      );
      stopping.stop();
    }
    return false;
  }
}

async function untilAnswers(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const answer = await fetch(url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]),
      });
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await systemClock.sleep(100, signal);
  }
}

try {
  program.parse();
  await start(program.opts<Options>());
} catch (error) {
  console.error(error instanceof TallyError ? error.message : describe(error));
  process.exitCode = 1;
}
