import { type Expression, type Program, Visitor } from 'oxc-parser';

import type { CodeLines } from './code-lines.ts';
import type { Located } from './source-file.ts';

/** The names of what runs: not those under `.skip` or `.todo` themselves. */
export function testNamesOf(program: Program, text: string, lines: CodeLines): Located[] {
  const found: Located[] = [];
  new Visitor({
    CallExpression: ({ callee, arguments: [name] }) => {
      if (name?.type !== 'Literal' && name?.type !== 'TemplateLiteral') return;
      const call = testFunctionOf(callee);
      if (call === undefined || call.variants.some((each) => NEVER_RUN.has(each))) return;
      found.push({ text: text.slice(name.start, name.end), line: lines.lineAt(name.start) });
    },
  }).visit(program);
  return found;
}

const TEST_FUNCTIONS = new Set(['describe', 'test', 'it']);
const NEVER_RUN = new Set(['skip', 'todo']);

/** `test` and `[each]` for the callee of `test.each(rows)('…', …)`; undefined for what is no test's. */
export function testFunctionOf(
  callee: Expression,
): { readonly name: string; readonly variants: readonly string[] } | undefined {
  const variants: string[] = [];
  let at: Expression = callee;
  for (;;) {
    if (at.type === 'CallExpression') at = at.callee;
    else if (at.type === 'MemberExpression') {
      if (at.property.type === 'Identifier') variants.push(at.property.name);
      at = at.object;
    } else break;
  }
  if (at.type !== 'Identifier' || !TEST_FUNCTIONS.has(at.name)) return undefined;
  return { name: at.name, variants };
}
