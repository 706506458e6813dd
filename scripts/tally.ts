/** The program behind `tally`. */
import { tallyCommands } from './tally/commands.ts';
import { runTally } from './tally/program.ts';

const code = await runTally(process.argv.slice(2), tallyCommands, console.error);
if (code !== 0) process.exitCode = code;
