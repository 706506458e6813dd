import { statSync } from 'node:fs';

/** Whether a path is a file, and not a journal's directory. What is not there is no file either. */
export function isTallyFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
