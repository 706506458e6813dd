/** `tally edge`: the commands of the gateway. */
import { Command } from 'commander';

import { systemClock } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { createLogger } from '#shared/logger.ts';
import { runUntilStopped } from '#shared/process.ts';

import { edgeConfigSchema } from './config.ts';
import { runEdge } from './edge.ts';
import { statusCommand } from './status/status-command.ts';

export function edgeCommand(): Command {
  const edge = new Command('edge').description('the depot gateway');
  edge
    .command('run')
    .description('run the gateway until it is stopped')
    .requiredOption('--config <FILE>', 'the YAML config')
    .action((options: { config: string }) => run(options.config));
  edge
    .command('check')
    .description('check a config and change nothing; exit code 1 says that it is refused')
    .requiredOption('--config <FILE>', 'the YAML config')
    .action((options: { config: string }) => check(options.config));
  edge.addCommand(statusCommand());
  return edge;
}

async function run(path: string): Promise<void> {
  const config = await readConfig(path, edgeConfigSchema);
  const log = createLogger({ name: 'edge', level: config.log.level });
  await runUntilStopped((signal) =>
    runEdge(
      config,
      {
        clock: systemClock,
        random: Math.random,
        log,
        env: process.env,
        ready: ({ mqttPort, websocketPort }) =>
          log.info({ mqttPort, websocketPort }, 'devices can publish'),
      },
      signal,
    ),
  );
}

async function check(path: string): Promise<void> {
  const { site, gateway, dataDir, mqtt, brokers } = await readConfig(path, edgeConfigSchema);
  process.stdout.write(
    `${path} is fine: gateway ${gateway} of site ${site}, MQTT on ${mqtt.host}:${mqtt.port}${brokers.map(({ url }) => ` and from ${url}`).join('')}, data in ${dataDir}\n`,
  );
}
