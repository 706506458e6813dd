import type { SourceFile } from './source-file.ts';

/** One rule of the house broken in one place. */
export type Violation = {
  /** Relative to the project. */
  readonly path: string;
  readonly line: number;
  /** What is wrong and what would be right. */
  readonly message: string;
};

/** Looks at all source files at once, and at nothing else. */
export type Rule = (files: readonly SourceFile[]) => Violation[];
