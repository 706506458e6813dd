/**
 * A user's name: a client id (`connect-rules.ts`) without `:`, which ends it in a line of the users file and in a
 * client id of the form `user:anything`. What stands for `%u` in a rule is therefore one whole level of a topic.
 */
const USER_NAME = /^(?! )[ -~]{1,128}(?<! )$/u;
const SIGNS = /[+#/:]/u;

export function isUserName(name: string): boolean {
  return USER_NAME.test(name) && !SIGNS.test(name) && name !== '__proto__';
}

export const USER_NAME_EXPECTED =
  'a user name has 1 to 128 printable ASCII characters, none of them + # / or :, and no space at its ends';
