/** `tally edge check`: what a config says, in plain words, and what its rules would do. */
import { Command } from 'commander';

import { readConfig } from '#shared/config.ts';

import { edgeConfigSchema, type EdgeConfig } from './config.ts';
import { edgeConfigJsonSchema } from './config-schema.ts';
import { FORMATS } from './decode/formats.ts';
import { journalDirectory } from './devices.ts';
import { explainConfig, formatExplanation, type Words } from './explain-config.ts';
import { checkRules, replayFilters } from './filter/check-rules-command.ts';
import { explainRule } from './filter/explain-rule.ts';
import { timeOf } from './replay/selection-options.ts';

const HELP = `
Nothing is changed, and no gateway is asked or disturbed: one that runs goes on
with the config that it was given. It takes up another on SIGHUP:

  tally edge check --config edge.yaml && systemctl reload tally-edge   (kill -HUP)

--replay runs the filters of the config over what the journal in its dataDir
still holds, a running gateway's too, and prints for each rule what it would have
removed, before anyone turns it on.

Exit codes:
  0  the config is fine
  1  it is refused; every fault is printed with its file and line

Examples:
  tally edge check --config edge.yaml
  tally edge check --config new.yaml --replay 24h
  tally edge check --schema > edge.schema.json    for the editor: the first line of
      the config is then  # yaml-language-server: $schema=edge.schema.json
`;

type Options = {
  readonly config?: string;
  readonly replay?: number;
  readonly json?: boolean;
  readonly schema?: boolean;
};

export function checkCommand(): Command {
  const command = new Command('check')
    .description('explain a config, or say what is wrong with it; changes nothing')
    .option('--config <FILE>', 'the YAML config')
    .option(
      '--replay <TIME>',
      'try its filters on what the journal holds since (24h, 3d, ISO)',
      timeOf,
    )
    .option('--json', 'print the config with its defaults, or the replay, as JSON')
    .option('--schema', 'print the JSON Schema of a config')
    .addHelpText('after', HELP);
  return command.action(async (options: Options) => {
    if (options.schema === true) {
      printJson(edgeConfigJsonSchema());
    } else if (options.config === undefined) {
      command.error("error: required option '--config <FILE>' not specified");
    } else {
      await check(options.config, options);
    }
  });
}

async function check(path: string, { replay, json = false }: Options): Promise<void> {
  const config = await readConfig(path, edgeConfigSchema);
  if (replay !== undefined) {
    await tryRules(config, replay, json);
  } else if (json) {
    printJson(config);
  } else {
    const lines = formatExplanation(explainConfig(config, WORDS), process.stdout);
    process.stdout.write(`${[`${path} is fine`, '', ...lines].join('\n')}\n`);
  }
}

async function tryRules(config: EdgeConfig, sinceMs: number, json: boolean): Promise<void> {
  const directory = journalDirectory(config);
  if (json) printJson(await checkRules(directory, config.filters, { sinceMs, quiet: true }));
  else await replayFilters(directory, config.filters, sinceMs);
}

const WORDS: Words = {
  titleOf: (format) =>
    format === 'mapping' ? 'mapped by the expression of the route' : FORMATS[format].title,
  explainRule,
};

function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
