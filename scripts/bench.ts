/** `npm run bench -- NAME`: figures of the hot paths; the last line of standard output is one line of JSON. */
import { Command } from 'commander';

import { benchConnections } from './bench/connections.ts';
import { benchConsolidate } from './bench/consolidate.ts';
import { benchDecode } from './bench/decode.ts';
import { benchEndToEnd } from './bench/end-to-end.ts';
import { benchFilter } from './bench/filter.ts';
import { benchIngest } from './bench/ingest.ts';
import { benchJournal } from './bench/journal.ts';
import { REFERENCE_MIX } from './bench/mix.ts';
import { benchNeighbours } from './bench/neighbours.ts';
import { benchReplay } from './bench/replay.ts';
import { benchWire } from './bench/wire.ts';

const program = new Command('npm run bench --').description(
  'Measures the hot paths; the last line is JSON.',
);

function print(figures: object): void {
  console.log(JSON.stringify(figures));
}

function count(text: string): number {
  return Number.parseInt(text, 10);
}

program
  .command('ingest')
  .description('QoS 1 publishers to durable in the journal')
  .option('--messages <N>', 'how many', count, 600_000)
  .option('--connections <N>', 'publishers', count, 20)
  .option('--depot', 'with routes, a read point and two filter rules')
  .action(async (options: { messages: number; connections: number; depot?: boolean }) =>
    print(await benchIngest(options)),
  );

program
  .command('decode')
  .description('microseconds an event, by format')
  .action(() => print(benchDecode()));

program
  .command('neighbours')
  .description(
    "devices' p99 acknowledgement alone, and beside one that sends a hundred times its rate",
  )
  .option('--rounds <N>', 'how often each is measured', count, 3)
  .option('--seconds <N>', 'how long', count, 5)
  .action(async (options: { rounds: number; seconds: number }) =>
    print(await benchNeighbours(options)),
  );

program
  .command('connections')
  .description('memory of idle connections, and how evenly active ones are served')
  .option('--idle <N>', 'connections that say nothing', count, 5000)
  .option('--active <N>', 'publishers', count, 500)
  .option('--seconds <N>', 'how long they publish', count, 10)
  .action(async (options: { idle: number; active: number; seconds: number }) =>
    print(await benchConnections(options)),
  );

program
  .command('e2e')
  .description('MQTT to stored in JetStream, and to visible in the API')
  .option('--messages <N>', 'how many', count, 200_000)
  .option('--probes <N>', 'scans that are followed to the API', count, 200)
  .action(async (options: { messages: number; probes: number }) =>
    print(await benchEndToEnd(options)),
  );

program
  .command('wire')
  .description('bytes and microseconds an event, by batch size')
  .option('--mix <FILE>', 'lines of {t, topic, payload}, gzipped or not', REFERENCE_MIX)
  .action(async (options: { mix: string }) => print(await benchWire(options.mix)));

program
  .command('filter')
  .description('what 0, 2 and 6 filter rules add to an event')
  .option('--mix <FILE>', 'lines of {t, topic, payload}, gzipped or not', REFERENCE_MIX)
  .action(async (options: { mix: string }) => print(await benchFilter(options.mix)));

program
  .command('consolidate')
  .description('events a second into PGlite, and into PostgreSQL where one is installed')
  .option('--events <N>', 'how many', count, 200_000)
  .action(async (options: { events: number }) => print(await benchConsolidate(options.events)));

program
  .command('journal')
  .description(
    'the journal alone: events a second, bytes written an event, opening 2 GB, a slow disk',
  )
  .option('--events <N>', 'how many at the full rate', count, 1_000_000)
  .action(async (options: { events: number }) => print(await benchJournal(options.events)));

program
  .command('replay')
  .description("a dead gateway's events: looked through, exported, sent")
  .option('--events <N>', 'how many', count, 1_000_000)
  .action(async (options: { events: number }) => print(await benchReplay(options.events)));

await program.parseAsync();
