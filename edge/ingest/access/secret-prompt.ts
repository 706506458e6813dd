/** Asks for what nobody may read over a shoulder. */
import { TallyError } from '#shared/errors.ts';

/** Standard input, as far as it matters here. */
export type SecretInput = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

const CHARACTERS_MAX = 1024;

const INTERRUPT = '\u0003';
const END = '\u0004';
const BACKSPACES = new Set(['\b', '\u007f']);

/** Reads lines: typed on a terminal without an echo, or whatever comes where there is none. */
export class SecretPrompt {
  readonly #input: SecretInput;
  readonly #output: NodeJS.WritableStream;
  /** What came after the line. */
  #ahead = '';

  constructor(input: SecretInput, output: NodeJS.WritableStream) {
    this.#input = input;
    this.#output = output;
  }

  get isTerminal(): boolean {
    return this.#input.isTTY === true;
  }

  /** The next line. Rejects with `interrupted` when the terminal says so, or the line is longer than any password. */
  async line(question: string): Promise<string> {
    if (!this.isTerminal) return await this.#read();
    this.#output.write(question);
    this.#input.setRawMode?.(true);
    try {
      return await this.#read();
    } finally {
      this.#input.setRawMode?.(false);
      this.#output.write('\n');
    }
  }

  async #read(): Promise<string> {
    const input = this.#input;
    const line = new Line(this.isTerminal);
    this.#ahead = line.take(this.#ahead);
    if (line.isDone) return line.text;
    input.setEncoding('utf8');
    const done = Promise.withResolvers<void>();
    const take = (chunk: string | Buffer): void => {
      try {
        this.#ahead = line.take(String(chunk));
        if (line.isDone) done.resolve();
      } catch (error) {
        done.reject(error);
      }
    };
    const end = (): void => done.resolve();
    input.on('data', take).once('end', end).once('error', done.reject);
    input.resume();
    try {
      await done.promise;
    } finally {
      input.pause();
      input.off('data', take).off('end', end).off('error', done.reject);
    }
    return line.text;
  }
}

class Line {
  readonly #isTyped: boolean;
  readonly #characters: string[] = [];
  isDone = false;

  constructor(isTyped: boolean) {
    this.#isTyped = isTyped;
  }

  get text(): string {
    return this.#characters.join('');
  }

  /** What is beyond the end of the line. */
  take(text: string): string {
    const characters = Array.from(text);
    for (const [index, character] of characters.entries()) {
      if (character === '\n' || character === '\r' || (this.#isTyped && character === END)) {
        this.isDone = true;
        const isPair = character === '\r' && characters[index + 1] === '\n';
        return characters.slice(index + (isPair ? 2 : 1)).join('');
      }
      this.#add(character);
    }
    return '';
  }

  #add(character: string): void {
    if (this.#isTyped && character === INTERRUPT) throw interrupted('interrupted');
    if (this.#isTyped && BACKSPACES.has(character)) this.#characters.pop();
    else this.#characters.push(character);
    if (this.#characters.length > CHARACTERS_MAX)
      throw interrupted(`more than ${CHARACTERS_MAX} characters`);
  }
}

function interrupted(why: string): TallyError {
  return new TallyError('stop', 'interrupted', `${why}: nothing was changed`);
}
