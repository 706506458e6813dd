import { styleText } from 'node:util';

export type Row = {
  readonly step: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly note: string;
};

const WIDTH = 80;

/** One line a step, none wider than 80 columns; the note is cut to what is left. */
export function formatTable(rows: readonly Row[], colours: boolean): string {
  const stepWidth = Math.max('step'.length, ...rows.map(({ step }) => step.length));
  const head = line('step'.padEnd(stepWidth), 'result', 'seconds', 'first problem');
  const body = rows.map(({ step, ok, seconds, note }) => {
    const text = line(step.padEnd(stepWidth), ok ? 'ok' : 'FAILED', seconds.toFixed(1), note);
    return colours ? styleText(ok ? 'green' : 'red', text, { validateStream: false }) : text;
  });
  return [head, '-'.repeat(WIDTH), ...body].join('\n');
}

function line(step: string, result: string, seconds: string, note: string): string {
  const text = `${step}  ${result.padEnd(6)}  ${seconds.padStart(7)}  ${oneLine(note)}`.trimEnd();
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}

function oneLine(note: string): string {
  return note.replaceAll(/\s+/gu, ' ').trim();
}
