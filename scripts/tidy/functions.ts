import { type Argument, type Program, Visitor } from 'oxc-parser';

import type { CodeLines } from './code-lines.ts';
import type { FunctionSize } from './source-file.ts';
import { testFunctionOf } from './test-names.ts';

type FunctionNode = {
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name: string } | null;
};

/** Every function with its name, nested ones too. What is given to `describe` is a chapter of a file, not a function. */
export function functionsOf(program: Program, lines: CodeLines): FunctionSize[] {
  const found: FunctionSize[] = [];
  const names = new Map<number, string>();
  const chapters = new Set<number>();
  const measure = (node: FunctionNode): void => {
    if (chapters.has(node.start)) return;
    found.push({
      name: node.id?.name ?? names.get(node.start) ?? '(anonymous)',
      line: lines.lineAt(node.start),
      codeLines: lines.countIn(node),
    });
  };
  const nameIt = (key: object, value: { readonly start: number } | null): void => {
    if (value !== null && 'name' in key) names.set(value.start, String(key.name));
  };
  new Visitor({
    VariableDeclarator: ({ id, init }) => nameIt(id, init),
    Property: ({ key, value }) => nameIt(key, value),
    MethodDefinition: ({ key, value }) => nameIt(key, value),
    PropertyDefinition: ({ key, value }) => nameIt(key, value),
    CallExpression: ({ callee, arguments: given }) => {
      if (testFunctionOf(callee)?.name !== 'describe') return;
      for (const argument of given.filter(isFunction)) chapters.add(argument.start);
    },
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(program);
  return found;
}

function isFunction({ type }: Argument): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression';
}
