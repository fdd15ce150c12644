type CallFrame = { readonly functionName: string; readonly url: string; readonly lineNumber: number };

type ProfileNode = { readonly id: number; readonly callFrame: CallFrame; readonly children?: readonly number[] };

/** What `node --cpu-prof` writes; times are microseconds of the machine's monotonic clock, lines count from 0. */
export type CpuProfile = {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

export type Window = { readonly fromUs: number; readonly toUs: number };
type SelfTime = { readonly name: string; readonly selfMs: number; readonly share: number };

export type ProfileSummary = {
  /** All time in the window but V8's `(idle)`; shares are of it. */
  readonly busyMs: number;
  readonly idleMs: number;
  readonly functions: readonly (SelfTime & { readonly place: string })[];
  /** Libraries and parts of the platform; `share` includes what Node itself did for them. */
  readonly groups: readonly (SelfTime & { readonly ownShare: number })[];
};

/** Self times within the window, greatest first: the top functions, and all by library or part of the platform. */
export function summarizeProfile(profile: CpuProfile, options: { window?: Window; top: number }): ProfileSummary {
  const selfUs = selfTimes(profile, options.window ?? { fromUs: -Infinity, toUs: Infinity });
  const ownerOf = ownersOf(profile.nodes);
  const byFunction = new Map<string, { name: string; place: string; us: number }>();
  const byGroup = new Map<string, { us: number; ownUs: number }>();
  let busyUs = 0;
  let idleUs = 0;
  for (const { id, callFrame } of profile.nodes) {
    const us = selfUs.get(id) ?? 0;
    if (us === 0) continue;
    if (callFrame.functionName === '(idle)') {
      idleUs += us;
      continue;
    }
    busyUs += us;
    const owner = ownerOf(id);
    const name = callFrame.functionName || '(anonymous)';
    const place = callFrame.url === '' && owner !== groupOf(callFrame) ? `for ${owner}` : placeOf(callFrame);
    const key = `${name} ${place}`;
    byFunction.set(key, { name, place, us: us + (byFunction.get(key)?.us ?? 0) });
    const group = byGroup.get(owner) ?? { us: 0, ownUs: 0 };
    const ownUs = owner === groupOf(callFrame) ? us : 0;
    byGroup.set(owner, { us: group.us + us, ownUs: group.ownUs + ownUs });
  }
  const timed = (name: string, us: number): SelfTime => ({ name, selfMs: us / 1000, share: us / busyUs });
  const functions = [...byFunction.values()].map(({ name, place, us }) => ({ ...timed(name, us), place }));
  const groups = [...byGroup].map(([name, { us, ownUs }]) => ({ ...timed(name, us), ownShare: ownUs / busyUs }));
  return {
    busyMs: busyUs / 1000,
    idleMs: idleUs / 1000,
    functions: functions.toSorted(greatestFirst).slice(0, options.top),
    groups: groups.toSorted(greatestFirst),
  };
}

const greatestFirst = (one: SelfTime, other: SelfTime): number => other.selfMs - one.selfMs;

/** The group that a node works for: the nearest on its stack that is not Node itself, else its own. */
function ownersOf(nodes: readonly ProfileNode[]): (id: number) => string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  return (id) => {
    let owner: string | undefined;
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (!node) break;
      const group = groupOf(node.callFrame);
      owner ??= group;
      if (!isNodeItself(group)) return group;
    }
    return owner ?? '';
  };
}

const isNodeItself = (group: string): boolean => group === 'native' || group.startsWith('node:');

/** A sample stands for the time until the next one. */
function selfTimes({ samples, timeDeltas, startTime }: CpuProfile, { fromUs, toUs }: Window): Map<number, number> {
  const selfUs = new Map<number, number>();
  let atUs = startTime;
  for (const [index, id] of samples.entries()) {
    atUs += timeDeltas[index] ?? 0;
    if (atUs < fromUs || atUs > toUs) continue;
    selfUs.set(id, (selfUs.get(id) ?? 0) + Math.max(0, timeDeltas[index + 1] ?? 0));
  }
  return selfUs;
}

const libraryForm = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/;
const ownForm = /\/packages\/([^/]+)\/src\/(.*)$/;

/** `fastify`, `server/payments`, `contract`, `node:http`, or `native` for what has no source. */
export function groupOf({ functionName, url }: CallFrame): string {
  const library = libraryForm.exec(url)?.[1];
  if (library !== undefined) return library;
  const own = ownForm.exec(url);
  if (own) {
    const folder = /^([^/]+)\//.exec(own[2] ?? '')?.[1];
    return own[1] === 'server' && folder !== undefined ? `server/${folder}` : (own[1] ?? '');
  }
  if (url.startsWith('node:')) return /^node:(?:internal\/)?[^/]+/.exec(url)?.[0] ?? 'node';
  return functionName === '(garbage collector)' ? 'garbage collector' : 'native';
}

function placeOf({ url, lineNumber }: CallFrame): string {
  if (url === '') return '';
  const library = libraryForm.exec(url);
  const own = ownForm.exec(url);
  const file = library ? `${library[1]}/${library[2]}` : own ? `${own[1]}/${own[2]}` : url;
  return `${file}:${lineNumber + 1}`;
}
