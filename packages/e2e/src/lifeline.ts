import { buffer } from 'node:stream/consumers';
import { listProcesses } from './processes.ts';
import { sweep } from './folders.ts';

const owner = Number(process.argv[2]);

/** Clears what the process that started this one leaves behind, and what earlier ones left. */
async function sweepBehind(): Promise<void> {
  // Asked after the folders were listed: a process that began meanwhile has one, too.
  await sweep((maker) => maker !== owner && !listProcesses().some(({ pid }) => pid === maker));
}

await sweepBehind();
await buffer(process.stdin);
await sweep((maker) => maker === owner);
