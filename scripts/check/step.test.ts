import { describe, expect, test } from 'vitest';

import { commandStep } from './step.ts';

const cwd = import.meta.dirname;

describe('a step that is a command', () => {
  test('passes when the command ends with 0', async () => {
    const step = commandStep('echo', ['sh', '-c', 'echo fine'], { cwd });
    expect(await step.run()).toEqual({ ok: true, output: 'fine\n', note: '' });
  });

  test('fails otherwise, with all of its output and the line of the first problem', async () => {
    const script =
      'echo "Checking…"; printf "\\033[31ma.ts: error one\\033[0m\\n"; echo "b.ts: error two" >&2; exit 3';
    const step = commandStep('lint', ['sh', '-c', script], { cwd, problem: /error/u });
    const result = await step.run();
    expect(result).toMatchObject({ ok: false, note: 'a.ts: error one' });
    expect(result.output).toContain('b.ts: error two');
  });

  test('fails with the exit code when nothing else is said', async () => {
    const step = commandStep('false', ['sh', '-c', 'exit 7'], { cwd });
    expect(await step.run()).toMatchObject({ ok: false, note: 'exit code 7' });
  });

  test('rejects when there is no such command', async () => {
    await expect(commandStep('x', ['no-such-command'], { cwd }).run()).rejects.toThrow('ENOENT');
  });
});
