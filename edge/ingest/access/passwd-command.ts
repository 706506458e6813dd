/** `tally edge passwd`: who may log in, and with which password. */
import { Command } from 'commander';

import { TallyError } from '#shared/errors.ts';

import { deleteUser, readUsers, setUser } from './password-file.ts';
import {
  COST_CHOSEN,
  COST_GENERATED,
  generatePassword,
  hashPassword,
  isPassword,
} from './password-hash.ts';
import { SecretPrompt, type SecretInput } from './secret-prompt.ts';
import { isUserName, USER_NAME_EXPECTED } from './user-name.ts';

/** Exit code; 1 is an error, as with every command. */
const NOT_SO = 3;

const CHARACTERS_MIN = 8;
// A device could not be given one, and a person not type it.
const CONTROL = /\p{Cc}/u;

const HELP = `
The file has a line a user with a hash of the password (scrypt), never the
password itself. Only its owner may read it: the user that the gateway runs as.
The gateway reads it again within seconds of a change; who was deleted, or has
another password now, is disconnected.

In the config:
  mqtt:
    usersFile: /etc/tally-edge/users

By default a device's client id is its user name, and it publishes under that
only: ring-1134 to scan/ring-1134, scan/ring-1134/dock, status/ring-1134, …

A password is typed, without an echo, or is the first line of standard input;
never an argument, which everybody on the machine can see. --generate makes one
that cannot be guessed, prints it, and is checked a hundred times as fast:
a depot whose devices all have such is back at once after a power cut.

Exit codes:
  0  done; check: the password is right
  1  an error: the file cannot be read or written, the password is too short, …
  2  a command line that makes no sense
  3  delete: there is no such user; check: no such user with that password

Examples:
  tally edge passwd --file users set ring-1134
  tally edge passwd --file users set ring-1134 --generate
  tally edge passwd --file users set ring-1134 < secret.txt
  tally edge passwd --file users delete ring-1134
`;

/** Standard input and outputs. */
export type PasswdParts = {
  readonly input: SecretInput;
  readonly output: NodeJS.WritableStream;
  readonly errors: NodeJS.WritableStream;
};

type File = { readonly file: string };

export function passwdCommand(parts: PasswdParts = standard()): Command {
  const passwd = new Command('passwd')
    .description('manage the users file: who may log in to the gateway with which password')
    .requiredOption('--file <FILE>', 'the users file (mqtt.usersFile of the config)')
    .addHelpText('after', HELP);
  passwd
    .command('set')
    .description('give a user a password; make the user, and the file, if there is none')
    .argument('<USER>')
    .option('--generate', 'make the password, and print it')
    .action(async (user: string, { generate = false }: { generate?: boolean }) => {
      const { file } = passwd.opts<File>();
      await (generate ? setGenerated(file, user, parts) : setChosen(file, user, parts));
    });
  passwd
    .command('delete')
    .description('take a user away')
    .argument('<USER>')
    .action(async (user: string) => {
      if (await deleteUser(passwd.opts<File>().file, user)) return;
      parts.errors.write(`there is no user ${user}\n`);
      process.exitCode = NOT_SO;
    });
  passwd
    .command('list')
    .description('print the users, a line each')
    .action(async () => {
      const users = await readUsers(passwd.opts<File>().file);
      parts.output.write([...users.keys()].map((user) => `${user}\n`).join(''));
    });
  passwd
    .command('check')
    .description("ask for a password, and whether it is the user's")
    .argument('<USER>')
    .action(async (user: string) => {
      if (await isRight(passwd.opts<File>().file, user, parts)) return;
      parts.errors.write(`no user ${user} with that password\n`);
      process.exitCode = NOT_SO;
    });
  return passwd;
}

function standard(): PasswdParts {
  return { input: process.stdin, output: process.stdout, errors: process.stderr };
}

async function setGenerated(file: string, user: string, { output }: PasswdParts): Promise<void> {
  assertName(user);
  const password = generatePassword();
  await setUser(file, user, await hashPassword(password, COST_GENERATED));
  // Nothing else: a script takes it from here.
  output.write(`${password}\n`);
}

async function setChosen(
  file: string,
  user: string,
  { input, errors }: PasswdParts,
): Promise<void> {
  assertName(user);
  const prompt = new SecretPrompt(input, errors);
  const password = await prompt.line(`New password of ${user}: `);
  assertGood(password);
  if (prompt.isTerminal && (await prompt.line('Once more: ')) !== password)
    throw refused('the two are not the same: nothing was changed');
  await setUser(file, user, await hashPassword(password, COST_CHOSEN));
}

async function isRight(
  file: string,
  user: string,
  { input, errors }: PasswdParts,
): Promise<boolean> {
  const known = (await readUsers(file)).get(user);
  const password = await new SecretPrompt(input, errors).line(`Password of ${user}: `);
  return known !== undefined && (await isPassword(Buffer.from(password), known.kept));
}

function assertName(user: string): void {
  if (!isUserName(user)) throw refused(`${JSON.stringify(user)}: ${USER_NAME_EXPECTED}`);
}

function assertGood(password: string): void {
  if (password.length < CHARACTERS_MIN) {
    const message = `a password has at least ${CHARACTERS_MIN} characters; --generate makes a good one`;
    throw refused(`${message}: nothing was changed`);
  }
  if (CONTROL.test(password)) throw refused('a password has no control characters');
}

function refused(message: string): TallyError {
  return new TallyError('stop', 'users-unusable', message);
}
