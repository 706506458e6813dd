/** `tally replay`: for the field tech. */
import { Command } from 'commander';

import { exportCommand } from './export-command.ts';
import { inspectCommand } from './inspect-command.ts';
import { salvageCommand } from './salvage-command.ts';
import { sendCommand } from './send-command.ts';
import { verifyCommand } from './verify-command.ts';

export function replayCommand(): Command {
  const replay = new Command('replay')
    .description("look into a gateway's journal, rescue it, carry it away, bring its events home")
    .addHelpText(
      'after',
      `
A dead gateway's card in five steps:
  tally replay verify /mnt/card/tally-edge/journal   is anything damaged?
  tally replay inspect /mnt/card/tally-edge/journal  what is in it?
  tally replay export /mnt/card/tally-edge/journal --out depot-7.tally
  tally replay verify depot-7.tally
  tally replay send depot-7.tally --to nats://nats.example:4222`,
    );
  for (const command of [
    inspectCommand(),
    verifyCommand(),
    salvageCommand(),
    exportCommand(),
    sendCommand(),
  ])
    replay.addCommand(command);
  return replay;
}
