import { type Expression, type Program, Visitor } from 'oxc-parser';

import type { CodeLines } from './code-lines.ts';
import type { Located } from './source-file.ts';

/**
 * What `import`, `export … from`, `import()` and `import('…')` types name, and the files of code that
 * `new URL('…', import.meta.url)` names, as a worker is named.
 */
export function importsOf(program: Program, lines: CodeLines): Located[] {
  const found: Located[] = [];
  const take = (source: Expression | null | undefined): void => {
    if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
    found.push({ text: source.value, line: lines.lineAt(source.start) });
  };
  new Visitor({
    ImportDeclaration: ({ source }) => take(source),
    ExportNamedDeclaration: ({ source }) => take(source),
    ExportAllDeclaration: ({ source }) => take(source),
    ImportExpression: ({ source }) => take(source),
    TSImportType: ({ source }) => take(source),
    NewExpression: ({ callee, arguments: [path, base] }) => {
      const isUrl = callee.type === 'Identifier' && callee.name === 'URL' && base !== undefined;
      if (isUrl && path?.type === 'Literal' && /\.[jt]s$/u.test(String(path.value))) take(path);
    },
  }).visit(program);
  return found;
}
