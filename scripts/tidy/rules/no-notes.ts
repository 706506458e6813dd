import type { Rule } from '../rule.ts';

/** Spelt so that this file does not find itself. */
const NOTE = /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/u;

/** What is left to do is done, or stands in the issue tracker. */
export const noNotes: Rule = (files) =>
  files.flatMap(({ path, comments }) =>
    comments.flatMap(({ text, line }) => {
      const note = NOTE.exec(text)?.[0];
      return note === undefined
        ? []
        : [{ path, line, message: `${note}: do it, or write an issue` }];
    }),
  );
