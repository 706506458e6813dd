/** Ingest on aedes: MQTT 3.1 and 3.1.1 over TCP and WebSocket. The only importer of `aedes`. */
import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';

import { Aedes, type Client, type ConnectPacket } from 'aedes';

import { connectRefusal } from './connect-rules.ts';
import { Connection } from './connection.ts';
import { InboundQos2 } from './inbound-qos2.ts';
import type { Ingest, IngestOptions, Peer } from './ingest.ts';
import { Intake } from './intake.ts';
import { listen } from './listen.ts';
import { emptyPersistence, silentEmitter } from './no-fan-out.ts';
import { PublishGate } from './publish-gate.ts';
import { Recorder } from './recorder.ts';
import { websocketServer } from './websocket.ts';
