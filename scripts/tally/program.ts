import { Command, CommanderError } from 'commander';

import { TallyError } from '#shared/errors.ts';
import { VERSION } from '#shared/version.ts';

/** By its first word, how to load a command with its options and what it runs. */
export type CommandLoaders = Readonly<Record<string, () => Promise<Command>>>;

/** Of the process: 0 is done, 1 what the message said, 2 a command line that makes no sense. */
export type ExitCode = 0 | 1 | 2;

/**
 * Runs the command line (without `node` and the script) and resolves when the command is done. Only the command that
 * is named gets loaded; all are where none is, for the help. Rejects with what is neither the operator's nor the
 * command line's fault.
 */
export async function runTally(
  args: readonly string[],
  loaders: CommandLoaders,
  printError: (message: string) => void,
): Promise<ExitCode> {
  const [first = ''] = args;
  const named = loaders[first];
  const program = await tallyProgram(named === undefined ? loaders : { [first]: named });
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its message, and throws for `--help` and `--version` too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof TallyError) || error.kind !== 'stop') throw error;
    printError(`tally: ${error.message}`);
    return 1;
  }
}

/** Beside a long command its description is still wrapped to 80 columns. */
const HELP = { minWidthToWrap: 20 } as const;

/** Every command and every group of commands by its words: `edge`, `edge run`, `translate`. */
export async function tallyCommandNames(loaders: CommandLoaders): Promise<Set<string>> {
  const program = await tallyProgram(loaders);
  return new Set(program.commands.flatMap((command) => namesIn(command, '')));
}

function namesIn(command: Command, prefix: string): string[] {
  const name = `${prefix}${command.name()}`;
  return [name, ...command.commands.flatMap((each) => namesIn(each, `${name} `))];
}

async function tallyProgram(loaders: CommandLoaders): Promise<Command> {
  const program = new Command('tally').description(
    'Accounts for every event: from MQTT at the depot to track & trace in the cloud.',
  );
  program.version(VERSION);
  for (const load of Object.values(loaders)) program.addCommand(await load());
  throwInsteadOfExit(program);
  return program;
}

function throwInsteadOfExit(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help says more)').configureHelp(HELP);
  command.commands.forEach(throwInsteadOfExit);
}
