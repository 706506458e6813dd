import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

export type StepResult = {
  readonly ok: boolean;
  /** All of what the step printed. */
  readonly output: string;
  /** One line for the table: the first problem, or what is worth knowing about a step that passed. */
  readonly note: string;
};

export type Step = {
  readonly name: string;
  /** Rejects only when the step itself is broken; that fails the check too. */
  run(): Promise<StepResult>;
};

export type CommandOptions = {
  readonly cwd: string;
  /** What the first line of a problem looks like in the program's output; default: the first line that is not empty. */
  readonly problem?: RegExp;
};

/** A step that passes when the program ends with 0. The program is looked up on PATH. */
export function commandStep(
  name: string,
  command: readonly [string, ...string[]],
  { cwd, problem = /\S/u }: CommandOptions,
): Step {
  return {
    name,
    run: async () => {
      const { code, output } = await runCommand(command, cwd);
      if (code === 0) return { ok: true, output, note: '' };
      const lines = stripVTControlCharacters(output).split('\n');
      const line = lines.find((each) => problem.test(each)) ?? `exit code ${code}`;
      return { ok: false, output, note: line };
    },
  };
}

function runCommand(
  [command, ...args]: readonly [string, ...string[]],
  cwd: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => void chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => void chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
