import { stat } from 'node:fs/promises';

/**
 * Tells whether files have changed since it was asked last. It looks: what the system tells of changes does not come
 * for every file system, nor after a rename, which is how a good program replaces a file.
 */
export class WatchedFiles {
  readonly #paths: readonly string[];
  #seen: string | undefined;

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** The first time it only takes note. */
  async haveChanged(): Promise<boolean> {
    const signatures = await Promise.all(this.#paths.map(signatureOf));
    const seen = signatures.join();
    const isNew = this.#seen !== undefined && seen !== this.#seen;
    this.#seen = seen;
    return isNew;
  }
}

/** Another file by the same name, or the same file written again. */
async function signatureOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mode, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mode, mtimeNs, ctimeNs].join();
  } catch {
    // Not there, or not for us: a state like another.
    return 'none';
  }
}
