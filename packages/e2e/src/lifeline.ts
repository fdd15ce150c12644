import { buffer } from 'node:stream/consumers';
import { listProcesses } from './processes.ts';
import { sweep } from './folders.ts';

const owner = Number(process.argv[2]);

/** Clears what the process that started this one leaves behind, and what earlier ones left. */
async function sweepBehind(): Promise<void> {
  const alive = new Set(listProcesses().map(({ pid }) => pid));
  await sweep((maker) => maker !== owner && !alive.has(maker));
}

await sweepBehind();
await buffer(process.stdin);
await sweep((maker) => maker === owner);
