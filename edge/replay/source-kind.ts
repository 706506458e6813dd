import { statSync } from 'node:fs';

/** Whether a path is a file, and not a journal's directory. What is not there, or not for us to see, is no file either. */
export function isTallyFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Whoever opens it says why it cannot be.
    return false;
  }
}
