import { Command } from 'commander';
import { describe, expect, test, vi } from 'vitest';

import { TallyError } from '#shared/errors.ts';

import { type CommandLoaders, runTally, tallyCommandNames } from './program.ts';

describe('the tally program', () => {
  test('runs the command that is named, and loads no other', async () => {
    const { loaders, ran, loaded } = fakeCommands();
    expect(await runTally(['edge', 'run', '--config', 'a.yaml'], loaders, never)).toBe(0);
    expect(ran).toEqual(['edge run a.yaml']);
    expect(loaded).toEqual(['edge']);
  });

  test('prints what an operator can mend, without a stack, and ends with 1', async () => {
    const { loaders } = fakeCommands(new TallyError('stop', 'config-invalid', 'a.yaml:3: port'));
    const printed: string[] = [];
    const code = await runTally(['edge', 'run'], loaders, (line) => void printed.push(line));
    expect(code).toBe(1);
    expect(printed).toEqual(['tally: a.yaml:3: port']);
  });

  test('passes on what is a fault of the program', async () => {
    const { loaders } = fakeCommands(new Error('bug'));
    await expect(runTally(['edge', 'run'], loaders, never)).rejects.toThrow('bug');
  });

  test.each([
    ['an unknown option', ['edge', 'run', '--nonesuch']],
    ['an unknown command', ['nonesuch']],
    ['an unknown subcommand', ['edge', 'nonesuch']],
    ['a missing value', ['edge', 'run', '--config']],
    ['no command at all', []],
  ])('ends with 2 for %s', async (_what, args) => {
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { loaders, ran } = fakeCommands();
    expect(await runTally(args, loaders, never)).toBe(2);
    expect(stderr).toHaveBeenCalled();
    expect(ran).toEqual([]);
    stderr.mockRestore();
  });

  test('ends with 0 for help', async () => {
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const { loaders } = fakeCommands();
    expect(await runTally(['--help'], loaders, never)).toBe(0);
    expect(await runTally(['edge', 'run', '--help'], loaders, never)).toBe(0);
    const printed = stdout.mock.calls.map(([text]) => String(text)).join('');
    stdout.mockRestore();
    expect(printed).toContain('translate');
    expect(printed).toContain('--config');
  });

  test('names its commands and their groups', async () => {
    const { loaders } = fakeCommands();
    expect(await tallyCommandNames(loaders)).toEqual(new Set(['edge', 'edge run', 'translate']));
  });
});

function never(message: string): void {
  throw new Error(`nothing should be printed: ${message}`);
}

/** `edge run` and `translate`; `edge run` fails where an error is given. */
function fakeCommands(error?: Error) {
  const ran: string[] = [];
  const loaded: string[] = [];
  const loaders: CommandLoaders = {
    edge: async () => {
      loaded.push('edge');
      const run = new Command('run').option('--config <file>').action(({ config }) => {
        if (error !== undefined) throw error;
        ran.push(`edge run ${config}`);
      });
      return new Command('edge').addCommand(run);
    },
    translate: async () => {
      loaded.push('translate');
      return new Command('translate');
    },
  };
  return { loaders, ran, loaded };
}
