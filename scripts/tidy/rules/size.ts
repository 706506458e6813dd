import type { Rule } from '../rule.ts';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

/** A file has at most 400 lines of code, a function at most 70. Comments and blanks are free. */
export const size: Rule = (files) =>
  files.flatMap(({ path, codeLines, functions }) => [
    ...(codeLines > FILE_LINES_MAX
      ? [{ path, line: 1, message: `${codeLines} lines of code, at most ${FILE_LINES_MAX}` }]
      : []),
    ...functions
      .filter((each) => each.codeLines > FUNCTION_LINES_MAX)
      .map(({ name, line, codeLines: length }) => ({
        path,
        line,
        message: `${name} has ${length} lines of code, a function at most ${FUNCTION_LINES_MAX}`,
      })),
  ]);
