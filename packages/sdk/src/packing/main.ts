import { join } from 'node:path';
import { packSdk } from './pack.ts';

console.log(packSdk(join(import.meta.dirname, '../../dist')));
