/** The steps about the wire format: its code is current, and it does not break what was released. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generate, GENERATED_FILES } from '../gen/generate.ts';
import { lastReleasedSchema } from '../gen/released-schema.ts';
import { commandStep, type Step } from './step.ts';

export function breakingStep(root: string): Step {
  return {
    name: 'breaking',
    run: async () => {
      const released = await lastReleasedSchema(root);
      if (released === undefined) return { ok: true, output: '', note: 'no released schema yet' };
      const command = ['buf', 'breaking', '--against', released] as const;
      return await commandStep('breaking', command, { cwd: root }).run();
    },
  };
}

export function generatedStep(root: string): Step {
  return {
    name: 'generated',
    run: async () => {
      const fresh = await mkdtemp(join(tmpdir(), 'tally-gen-'));
      try {
        await generate(join(root, 'proto'), fresh);
        const stale = await differingFiles(join(root, 'proto/gen'), fresh);
        if (stale.length === 0) return { ok: true, output: '', note: '' };
        const note = `proto/gen/${stale.join(', ')}: not current; run "npm run gen"`;
        return { ok: false, output: `${note}\n`, note };
      } finally {
        await rm(fresh, { recursive: true, force: true });
      }
    },
  };
}

async function differingFiles(dir: string, fresh: string): Promise<string[]> {
  const differs = await Promise.all(
    GENERATED_FILES.map(async (name) => {
      const current = await readFile(join(dir, name), 'utf8').catch(() => undefined);
      return current !== (await readFile(join(fresh, name), 'utf8'));
    }),
  );
  return GENERATED_FILES.filter((_name, i) => differs[i] === true);
}
