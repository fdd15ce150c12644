import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageParametersPage } from './page-parameters-page.ts';

writeFileSync(join(import.meta.dirname, '../docs/reference/page-parameters.md'), pageParametersPage());
