/** Logs as JSON lines on standard output; control bytes are escaped by the encoding. */
import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

export function createLogger(options: { readonly name: string; readonly level: string }): Logger {
  return pino({
    name: options.name,
    level: options.level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
