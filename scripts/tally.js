#!/usr/bin/env node
// The `tally` command. Plain JavaScript, because whatever Node the host has reads it first (20 or newer): where that
// one cannot run the program's TypeScript, the package's own Node does.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first with stable type stripping and `await using`. */
const NODE_MAJOR_MIN = 24;

const program = new URL('./tally.ts', import.meta.url);

if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) {
  await import(program.href);
} else {
  runUnder(packagedNode());
}

/** @returns {string} the Node that `npm ci` put beside the program */
function packagedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)),
      'bin/node',
    );
  } catch {
    console.error(
      `tally: needs Node ${NODE_MAJOR_MIN}, and this is ${process.version}; "npm ci" in ` +
        `${fileURLToPath(new URL('..', import.meta.url))} brings it along (package ${name})`,
    );
    process.exit(1);
  }
}

/**
 * Becomes the program as far as a process can: its streams, the signals it gets, its end.
 * @param {string} node
 */
function runUnder(node) {
  const child = spawn(node, [fileURLToPath(program), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
  process.on('SIGTERM', forward).on('SIGHUP', forward);
  // A terminal sends Ctrl-C to the child itself; a second one could mean "at once" to it.
  process.on('SIGINT', process.stdin.isTTY ? () => {} : forward);
  child.on('error', (error) => {
    console.error(`tally: cannot run ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
