/** `tally edge`: the commands of the gateway. */
import { Command } from 'commander';

import { systemClock } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { describe, TallyError } from '#shared/errors.ts';
import { createLogger, type Logger } from '#shared/logger.ts';
import { runUntilStopped } from '#shared/process.ts';

import { checkCommand } from './check-command.ts';
import { edgeConfigSchema } from './config.ts';
import { runEdge, type RunningGateway } from './edge.ts';
import { passwdCommand } from './ingest/access/passwd-command.ts';
import { statusCommand } from './status/status-command.ts';

export function edgeCommand(): Command {
  const edge = new Command('edge').description('the depot gateway');
  edge
    .command('run')
    .description('run the gateway until it is stopped')
    .requiredOption('--config <FILE>', 'the YAML config')
    .action((options: { config: string }) => run(options.config));
  edge.addCommand(checkCommand());
  edge.addCommand(statusCommand());
  edge.addCommand(passwdCommand());
  return edge;
}

async function run(path: string): Promise<void> {
  const config = await readConfig(path, edgeConfigSchema);
  const log = createLogger({ name: 'edge', level: config.log.level });
  let gateway: RunningGateway | undefined;
  // From the start: without a listener the signal ends the process.
  const reload = serially(async () => {
    if (gateway !== undefined) await reconfigure(gateway, path, log);
  });
  process.on('SIGHUP', reload);
  await runUntilStopped((signal) =>
    runEdge(
      config,
      {
        clock: systemClock,
        random: Math.random,
        log,
        env: process.env,
        ready: (running) => {
          gateway = running;
          const { mqttPort, websocketPort, tlsPort, tlsWebsocketPort } = running.broker;
          const ports = { mqttPort, websocketPort, tlsPort, tlsWebsocketPort };
          log.info(ports, 'devices can publish');
        },
      },
      signal,
    ),
  );
}

/** G9: a file that is refused changes nothing. */
async function reconfigure(gateway: RunningGateway, path: string, log: Logger): Promise<void> {
  try {
    await gateway.reconfigure(await readConfig(path, edgeConfigSchema));
    log.info({ path }, 'the config was read again');
  } catch (error) {
    if (!(error instanceof TallyError)) throw error;
    const facts = { path, code: error.code, reason: describe(error) };
    log.error(facts, 'the config was refused: the one before stays');
  }
}

/** One call after the other, also when they come faster. */
function serially(work: () => Promise<void>): () => void {
  let last = Promise.resolve();
  return () => {
    last = last.then(work);
  };
}
