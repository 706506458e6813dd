/** The configs of a system on one machine, written into its data directory. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

export type LocalSystem = {
  readonly dataDir: string;
  readonly mqttPort: number;
  readonly httpPort: number;
  readonly natsPort: number;
};

export type ConfigFiles = {
  readonly nats: string;
  readonly edge: string;
  readonly cloud: string;
  readonly logDir: string;
};

export async function writeConfigFiles({
  dataDir,
  mqttPort,
  httpPort,
  natsPort,
}: LocalSystem): Promise<ConfigFiles> {
  const files = {
    nats: join(dataDir, 'nats.conf'),
    edge: join(dataDir, 'edge.yaml'),
    cloud: join(dataDir, 'cloud.yaml'),
    logDir: join(dataDir, 'logs'),
  };
  const servers = [`nats://127.0.0.1:${natsPort}`];
  await mkdir(files.logDir, { recursive: true });
  await writeFile(files.nats, natsConfig(dataDir, natsPort));
  await writeFile(
    files.edge,
    stringify({
      site: 'local',
      gateway: 'gw-1',
      dataDir: join(dataDir, 'edge'),
      mqtt: { port: mqttPort },
      uplink: { servers },
    }),
  );
  await writeFile(
    files.cloud,
    stringify({ dataDir: join(dataDir, 'cloud'), http: { port: httpPort }, nats: { servers } }),
  );
  return files;
}

/** `sync_interval: always`: an acknowledgement says that the batch is on disk. */
function natsConfig(dataDir: string, port: number): string {
  return [
    'host: 127.0.0.1',
    `port: ${port}`,
    'server_name: tallyport-local',
    'jetstream {',
    `  store_dir: ${JSON.stringify(join(dataDir, 'nats'))}`,
    '  sync_interval: always',
    '}',
    '',
  ].join('\n');
}
