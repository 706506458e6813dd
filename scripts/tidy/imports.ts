import { type Argument, type Program, Visitor } from 'oxc-parser';

import type { CodeLines } from './code-lines.ts';
import type { Located } from './source-file.ts';

/**
 * What `import`, `export … from`, `import()` and `import('…')` types name, and the files of code that
 * `new URL('…', import.meta.url)` names, as a worker is named.
 */
export function importsOf(program: Program, lines: CodeLines): Located[] {
  const found: Located[] = [];
  const take = (source: Argument | null | undefined, isUrl = false): void => {
    if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
    const isBare = isUrl && !source.value.startsWith('.');
    const text = isBare ? `./${source.value}` : source.value;
    if (!isUrl || /\.[jt]s$/u.test(text)) found.push({ text, line: lines.lineAt(source.start) });
  };
  new Visitor({
    ImportDeclaration: ({ source }) => take(source),
    ExportNamedDeclaration: ({ source }) => take(source),
    ExportAllDeclaration: ({ source }) => take(source),
    ImportExpression: ({ source }) => take(source),
    TSImportType: ({ source }) => take(source),
    NewExpression: ({ callee, arguments: [path, base] }) => {
      if (callee.type === 'Identifier' && callee.name === 'URL' && base !== undefined) {
        take(path, true);
      }
    },
  }).visit(program);
  return found;
}
