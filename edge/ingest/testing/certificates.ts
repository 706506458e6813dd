/** An authority and what it signs, made with the `openssl` command: certificates that never leave the test. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Runs `openssl` there; no argument has a space in it. */
async function openssl(directory: string, ...parts: readonly string[]): Promise<void> {
  await promisify(execFile)('openssl', parts.join(' ').split(' '), { cwd: directory });
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';

/** A certificate and its key, by their files and as their text. */
export type Certificate = {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
};

export type CertificateOptions = {
  /** From now on; a negative number makes one that has expired. */
  readonly days?: number;
  readonly alternativeName?: string;
};

export class Authority {
  readonly #directory: string;
  readonly #name: string;

  private constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#name = name;
  }

  /** In that directory, which may hold others. */
  static async make(directory: string, name: string): Promise<Authority> {
    await openssl(
      directory,
      `req -x509 ${NEW_KEY} -keyout ${name}.key -out ${name}.pem -days 30 -subj /CN=${name}`,
    );
    await writeFile(join(directory, `${name}.index`), '');
    const config = `[ca]\ndefault_ca=d\n[d]\ndatabase=${name}.index\ndefault_md=sha256\ndefault_crl_days=30\n`;
    await writeFile(join(directory, `${name}.cnf`), config);
    return new Authority(directory, name);
  }

  get certFile(): string {
    return join(this.#directory, `${this.#name}.pem`);
  }

  get crlFile(): string {
    return join(this.#directory, `${this.#name}.crl`);
  }

  async cert(): Promise<string> {
    return await readFile(this.certFile, 'utf8');
  }

  /** Its own, with which it signs: it has signed itself. */
  async own(): Promise<Certificate> {
    return await certificateOf(this.#directory, this.#name);
  }

  /** `file` names its files; `subject` is what it says of itself, such as `/CN=ring-1134`. */
  async issue(
    file: string,
    subject: string,
    { days = 10, alternativeName }: CertificateOptions = {},
  ): Promise<Certificate> {
    const name = this.#name;
    await openssl(
      this.#directory,
      `req -new ${NEW_KEY} -keyout ${file}.key -out ${file}.csr -subj ${subject}`,
      ...(alternativeName === undefined ? [] : [`-addext subjectAltName=${alternativeName}`]),
    );
    await openssl(
      this.#directory,
      `x509 -req -in ${file}.csr -out ${file}.pem -days ${days} -copy_extensions copy`,
      `-CA ${name}.pem -CAkey ${name}.key -CAcreateserial`,
    );
    return await certificateOf(this.#directory, file);
  }

  /** Writes the revocation list again. */
  async revoke(...certificates: readonly Certificate[]): Promise<void> {
    const name = this.#name;
    const ca = `ca -config ${name}.cnf -keyfile ${name}.key -cert ${name}.pem`;
    for (const { certFile } of certificates) {
      await openssl(this.#directory, `${ca} -revoke ${certFile}`);
    }
    await openssl(this.#directory, `${ca} -gencrl -out ${name}.crl`);
  }
}

async function certificateOf(directory: string, name: string): Promise<Certificate> {
  const certFile = join(directory, `${name}.pem`);
  const keyFile = join(directory, `${name}.key`);
  const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
  return { certFile, keyFile, cert, key };
}
