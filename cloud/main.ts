/** `tally cloud` and `tally translate`: the commands of the cloud side. */
import { Command } from 'commander';

import { systemClock } from '#shared/clock.ts';
import { readConfig } from '#shared/config.ts';
import { createLogger } from '#shared/logger.ts';
import { runUntilStopped } from '#shared/process.ts';

import { runCloud } from './cloud.ts';
import { cloudConfigSchema } from './config.ts';
import { translate } from './translate.ts';

export function cloudCommand(): Command {
  const cloud = new Command('cloud').description('the cloud side: consolidator, read model, API');
  cloud
    .command('run')
    .description('run the cloud side until it is stopped')
    .requiredOption('--config <FILE>', 'the YAML config')
    .action((options: { config: string }) => run(options.config));
  return cloud;
}

export function translateCommand(): Command {
  return new Command('translate')
    .description('print a batch from standard input as JSON lines')
    .addHelpText(
      'after',
      '\nExample:\n  nats stream view TALLY_INGEST --translate "npx tally translate"\n',
    )
    .action(async () => {
      // Whoever reads us may have read enough (`| head -1`).
      const reader = new AbortController();
      process.stdout.on('error', () => reader.abort());
      for await (const line of translate(process.stdin)) {
        if (reader.signal.aborted) return;
        process.stdout.write(`${line}\n`);
      }
    });
}

async function run(path: string): Promise<void> {
  const config = await readConfig(path, cloudConfigSchema);
  const databaseUrl = process.env['DATABASE_URL'] ?? config.databaseUrl;
  const log = createLogger({ name: 'cloud', level: config.log.level });
  await runUntilStopped((signal) =>
    runCloud({ ...config, databaseUrl }, { clock: systemClock, random: Math.random, log }, signal),
  );
}
