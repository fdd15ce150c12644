import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** How to start a PostgreSQL program so that it may own a cluster: as ourselves, or, for root, as another account. */
export type PostgresAccount = {
  uid: number;
  gid: number;
  /** Turns a program and its arguments into what is given to spawn. */
  command(file: string, args: string[]): { file: string; args: string[]; options: { uid?: number; gid?: number } };
};

type Ids = { uid: number; gid: number };

/** What the account must reach: programs to run, files to read, folders to write into. */
export type Needs = { run: string[]; read: string[]; write: string[] };

/** Who owns the cluster: we, or when we are root the cluster's owner so far, else `postgres`, else `nobody`. */
export function clusterOwner(cluster: string): Ids {
  const own = { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
  if (own.uid !== 0) return own;
  const earlier = statSync(cluster, { throwIfNoEntry: false });
  if (earlier && earlier.uid !== 0) return { uid: earlier.uid, gid: earlier.gid };
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = accounts.find((fields) => fields[0] === name);
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and neither an account "postgres" nor "nobody" exists here. ' +
      'Start as an ordinary user, or set DATABASE_URL to a server of your own.',
  );
}

/**
 * PostgreSQL refuses to run as root. A plain change of account serves where that account can enter every folder on the
 * way; a checkout in a folder of root's own (0700) is entered with the one capability that overrides file permissions,
 * without set-uid fix-up, as access(2) would drop it again.
 */
export function accountFor(owner: Ids, needs: Needs): PostgresAccount {
  if (process.getuid?.() !== 0) return { ...owner, command: (file, args) => ({ file, args, options: {} }) };

  const plain: PostgresAccount = { ...owner, command: (file, args) => ({ file, args, options: owner }) };
  if (reaches(plain, needs)) return plain;

  const capability = '+dac_override';
  const setpriv = ['--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'];
  setpriv.push('--securebits', '+no_setuid_fixup', '--inh-caps', capability, '--ambient-caps', capability);
  const capable: PostgresAccount = {
    ...owner,
    command: (file, args) => ({ file: 'setpriv', args: [...setpriv, file, ...args], options: {} }),
  };
  if (reaches(capable, needs)) return capable;

  throw new Error(
    `PostgreSQL refuses to run as root, and the account with uid ${owner.uid} can not reach ` +
      `${[...needs.run.slice(0, 1), ...needs.write.slice(0, 1)].join(' and ')}. Start as an ordinary user; or let other accounts enter the folders ` +
      'above (chmod o+x) and set DATA_DIR to such a place; or set DATABASE_URL to a server of your own.',
  );
}

function reaches(account: PostgresAccount, needs: Needs): boolean {
  const tests = (flag: string, paths: string[]) => paths.flatMap((path) => [flag, path]);
  const script = 'while [ $# -gt 0 ]; do test "$1" "$2" || exit 1; shift 2; done';
  const paths = [...tests('-x', needs.run), ...tests('-r', needs.read), ...tests('-w', needs.write)];
  const { file, args, options } = account.command('/bin/sh', ['-c', script, 'sh', ...paths]);
  return spawnSync(file, args, { ...options, cwd: '/', stdio: 'ignore' }).status === 0;
}
