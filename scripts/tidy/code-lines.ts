type Span = { readonly start: number; readonly end: number };

/** Where the lines of a text are, and which of them hold code: more than comments and blanks. */
export class CodeLines {
  readonly #starts: readonly number[];
  readonly #isCode: readonly boolean[];

  constructor(text: string, comments: readonly Span[]) {
    const lines = blankOut(text, comments).split('\n');
    let start = 0;
    this.#starts = lines.map((line) => {
      const lineStart = start;
      start += line.length + 1;
      return lineStart;
    });
    this.#isCode = lines.map((line) => line.trim() !== '');
  }

  /** The number, from 1, of the line that the offset is on. */
  lineAt(offset: number): number {
    const next = this.#starts.findIndex((start) => start > offset);
    return next === -1 ? this.#starts.length : next;
  }

  /** How many lines of code the span touches. */
  countIn({ start, end }: Span): number {
    return this.#isCode.slice(this.lineAt(start) - 1, this.lineAt(end)).filter(Boolean).length;
  }
}

function blankOut(text: string, comments: readonly Span[]): string {
  let result = '';
  let done = 0;
  for (const { start, end } of comments) {
    result += text.slice(done, start) + text.slice(start, end).replaceAll(/[^\n]/gu, ' ');
    done = end;
  }
  return result + text.slice(done);
}
