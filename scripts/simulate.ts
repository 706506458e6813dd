/** Plays a small depot over MQTT, until it is told to stop. */
import { Command } from 'commander';
import mqtt from 'mqtt';

import { systemClock } from '#shared/clock.ts';

import { Depot } from './simulate/depot.ts';

const TICK_MS = 50;
/** Publishes without an acknowledgement yet; beyond, the depot waits for the gateway. */
const IN_FLIGHT_MAX = 1000;

const options = new Command('simulate')
  .requiredOption('--port <N>', 'the MQTT port', Number)
  .requiredOption('--rate <N>', 'messages a second', Number)
  .parse()
  .opts<{ port: number; rate: number }>();

const stopping = new AbortController();
for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
  process.once(event, () => stopping.abort());

const depot = new Depot({ random: Math.random, now: () => systemClock.now() });
const client = mqtt.connect(`mqtt://127.0.0.1:${options.port}`, {
  clientId: 'simulated-depot',
  reconnectPeriod: 1000,
});
client.on('error', (error) => console.error(error.message));

let inFlight = 0;
let due = 0;
let lastMs = systemClock.monotonic();
while (!stopping.signal.aborted) {
  const nowMs = systemClock.monotonic();
  due = Math.min(due + ((nowMs - lastMs) * options.rate) / 1000, options.rate);
  lastMs = nowMs;
  for (; due >= 1 && inFlight < IN_FLIGHT_MAX && client.connected; due--) {
    const { topic, payload } = depot.next();
    inFlight++;
    client.publish(topic, payload, { qos: 1 }, () => inFlight--);
  }
  await systemClock.sleep(TICK_MS, stopping.signal);
}
await client.endAsync(true);
if (process.connected) process.disconnect();
