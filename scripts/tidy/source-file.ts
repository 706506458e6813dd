/** What the rules need to know of a source file, read from its syntax tree. */
import { type Comment, type ParseResult, parseSync } from 'oxc-parser';

import { CodeLines } from './code-lines.ts';
import { functionsOf } from './functions.ts';
import { importsOf } from './imports.ts';
import { testNamesOf } from './test-names.ts';

export type SourceFile = {
  /** Relative to the project, with `/`. */
  readonly path: string;
  /** Lines that hold more than comments and blanks. */
  readonly codeLines: number;
  /** Every module or worker file that it names, types too. */
  readonly imports: readonly Located[];
  readonly functions: readonly FunctionSize[];
  readonly comments: readonly Located[];
  readonly startsWithDocComment: boolean;
  readonly exportedSymbols: readonly ExportedSymbol[];
  /** Whether all it does is to pass on what other files export. */
  readonly onlyReExports: boolean;
  /** The names given to `describe`, `test` and their variants, except those that never run. */
  readonly testNames: readonly Located[];
};

/** A piece of the file; `line` counts from 1. */
export type Located = { readonly text: string; readonly line: number };

export type FunctionSize = {
  readonly name: string;
  readonly line: number;
  readonly codeLines: number;
};

export type ExportedSymbol = {
  readonly name: string;
  readonly line: number;
  /** Whether a doc comment of its own stands directly before it. */
  readonly documented: boolean;
};

type Statement = ParseResult['program']['body'][number];

/** Throws when the text does not parse. */
export function parseSourceFile(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const lines = new CodeLines(text, comments);
  const docs = comments.filter(isDocComment);
  return {
    path,
    codeLines: lines.countIn({ start: 0, end: text.length }),
    imports: importsOf(program, lines),
    functions: functionsOf(program, lines),
    comments: comments.map(({ value, start }) => ({ text: value, line: lines.lineAt(start) })),
    startsWithDocComment: docs[0]?.start === 0,
    exportedSymbols: program.body.flatMap((statement) => {
      const name = exportedName(statement);
      if (name === undefined) return [];
      const documented = docs.some(({ end }) => /^\r?\n$/u.test(text.slice(end, statement.start)));
      return [{ name, line: lines.lineAt(statement.start), documented }];
    }),
    onlyReExports: program.body.length > 0 && program.body.every(passesOn),
    testNames: testNamesOf(program, text, lines),
  };
}

function isDocComment({ type, value }: Comment): boolean {
  return type === 'Block' && value.startsWith('*');
}

/** The name of what the statement declares and exports. */
function exportedName(statement: Statement): string | undefined {
  if (statement.type !== 'ExportNamedDeclaration' || statement.declaration === null)
    return undefined;
  const { declaration } = statement;
  if (declaration.type === 'VariableDeclaration') {
    const id = declaration.declarations[0]?.id;
    return id?.type === 'Identifier' ? id.name : '(pattern)';
  }
  return 'id' in declaration && declaration.id?.type === 'Identifier'
    ? declaration.id.name
    : '(unnamed)';
}

function passesOn(statement: Statement): boolean {
  switch (statement.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return true;
    case 'ExportNamedDeclaration':
      return statement.declaration === null;
    default:
      return false;
  }
}
