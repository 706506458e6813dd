/** The program behind `tally`. */
import { tallyCommands } from './tally/commands.ts';
import { runTally } from './tally/program.ts';

// Whoever reads the output may have read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await runTally(process.argv.slice(2), tallyCommands, console.error);
if (code !== 0) process.exitCode = code;
