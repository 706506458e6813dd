/** `tally edge status`: asks the gateway that runs; where none does, looks at the files of its journal. */
import { styleText } from 'node:util';

import { Command } from 'commander';

import { readConfig } from '#shared/config.ts';
import { TallyError } from '#shared/errors.ts';

import { edgeConfigSchema, type EdgeConfig } from '../config.ts';
import { journalDirectory } from '../devices.ts';
import { readJournalFiles, type JournalFiles } from '../journal/journal-files.ts';
import { askGateway } from './ask-gateway.ts';
import { formatStatus, type Paint } from './format-status.ts';
import { segmentCount, size, whole } from '#shared/humane.ts';
import type { Status } from './status.ts';

/** Exit codes; 1 is an error, as with every command. */
const NOT_RUNNING = 3;
const NEEDS_A_PERSON = 4;

const HELP = `
The gateway is asked on status.host and status.port of the config, without a
config on 127.0.0.1:9464. Where none runs, the files of its journal are looked
at, which takes a config; nothing in them is changed.

Exit codes:
  0  it runs, and nothing needs a person
  1  an error: the config is refused, what answers is not this gateway, or this
     gateway runs and does not answer
  3  it does not run
  4  it runs and needs a person: the journal is full, the link has been down for
     ten minutes, …; the last line says what to do next

Examples:
  tally edge status --config edge.yaml
  tally edge status --json | jq .flow.timeToFullS
  curl http://127.0.0.1:9464/status     the same document
  curl http://127.0.0.1:9464/metrics    for Prometheus
`;

type Options = { readonly config?: string; readonly json?: boolean };

export function statusCommand(): Command {
  return new Command('status')
    .description('ask the running gateway how it stands')
    .option('--config <FILE>', 'the YAML config that the gateway runs with')
    .option('--json', 'print the document as JSON')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      process.exitCode = await showStatus(options);
    });
}

async function showStatus({ config: path, json = false }: Options): Promise<number> {
  const config = path === undefined ? undefined : await readConfig(path, edgeConfigSchema);
  const { host, port } = config?.status ?? edgeConfigSchema.shape.status.parse(undefined);
  const status = port === 0 ? undefined : await askGateway(host, port);
  if (status !== undefined) {
    if (config !== undefined) assertSame(status, config);
    print(json, status, () => formatStatus(status, paint));
    return status.problems.length > 0 ? NEEDS_A_PERSON : 0;
  }
  const files = config === undefined ? undefined : readJournalFiles(journalDirectory(config));
  if (files?.pid !== undefined) throw unasked(files.pid, { host, port });
  print(json, { running: false, journal: files ?? null }, () => [
    port === 0
      ? 'no gateway runs with this config'
      : `no gateway runs: nothing listens on ${host}:${port}`,
    ...aboutFiles(files, config),
    `next: tally edge run --config ${path ?? 'FILE'}`,
  ]);
  return NOT_RUNNING;
}

function print(json: boolean, document: unknown, lines: () => string[]): void {
  const text = json ? JSON.stringify(document, undefined, 2) : lines().join('\n');
  process.stdout.write(`${text}\n`);
}

/** Another gateway on the machine may have the port. */
function assertSame({ site, gateway }: Status, config: EdgeConfig): void {
  if (site === config.site && gateway === config.gateway) return;
  throw new TallyError(
    'stop',
    'status-unavailable',
    `port ${config.status.port} answers for gateway ${gateway} of site ${site}, not for ${config.gateway} of ` +
      `${config.site}: give each gateway a status.port of its own`,
  );
}

function unasked(pid: number, { host, port }: { host: string; port: number }): TallyError {
  const why =
    port === 0
      ? 'status.port is 0'
      : `nothing listens on ${host}:${port}: it is starting, or something else had the port then; see its log`;
  return new TallyError(
    'stop',
    'status-unavailable',
    `the gateway runs (process ${pid}) and cannot be asked: ${why}`,
  );
}

function aboutFiles(files: JournalFiles | undefined, config: EdgeConfig | undefined): string[] {
  if (config === undefined) return ['with --config FILE its journal is looked at'];
  if (files === undefined) return [`there is no journal in ${journalDirectory(config)}`];
  const { segments, bytes, epoch, lastSeq, isClosed } = files;
  const end = isClosed ? 'stopped in good order' : 'it did not stop in good order';
  return [
    `journal    ${segmentCount(segments)}, ${size(bytes)}; ${end}`,
    `           last event ${whole(lastSeq)} of epoch ${epoch ?? '-'}`,
    `           what is in it: tally replay inspect ${journalDirectory(config)}`,
  ];
}

const STYLES = { good: 'green', bad: 'red', head: 'bold' } as const;

/** Colour on a terminal only, and not where NO_COLOR forbids it. */
const paint: Paint = (style, text) => styleText(STYLES[style], text, { stream: process.stdout });
