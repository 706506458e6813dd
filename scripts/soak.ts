/** `npm run soak -- --cycles N`: kills a writing process again and again; the last line of standard output is one line of JSON. */
import { Command } from 'commander';

import { soakJournal } from './soak/journal.ts';

function count(text: string): number {
  return Number.parseInt(text, 10);
}

await new Command('npm run soak --')
  .description(
    'Kills a process that writes a journal, under load, and holds what it leaves against what it promised.',
  )
  .option('--cycles <N>', 'how often', count, 200)
  .option('--seed <N>', 'of the moments of the kills', count, Date.now() % 1e9)
  .option('--directory <PATH>', 'where the journal is made; default: the temporary directory')
  .action(async (options: { cycles: number; seed: number; directory?: string }) => {
    const figures = await soakJournal(options);
    console.log(JSON.stringify(figures));
    if (figures.problems > 0) process.exitCode = 1;
  })
  .parseAsync();
