import type { CommandLoaders } from './program.ts';

/** The commands of `tally`, each loaded when it is needed: the edge does not load the cloud. */
export const tallyCommands: CommandLoaders = {
  edge: async () => (await import('../../edge/main.ts')).edgeCommand(),
  replay: async () => (await import('../../edge/replay/replay-command.ts')).replayCommand(),
  cloud: async () => (await import('../../cloud/main.ts')).cloudCommand(),
  translate: async () => (await import('../../cloud/main.ts')).translateCommand(),
};
