import { formatViolation, tidy } from '../tidy.ts';
import type { Step } from './step.ts';

/** Our own rules. */
export function tidyStep(root: string): Step {
  return {
    name: 'tidy',
    run: async () => {
      const violations = (await tidy(root)).map(formatViolation);
      const [note = ''] = violations;
      return { ok: violations.length === 0, output: `${violations.join('\n')}\n`, note };
    },
  };
}
