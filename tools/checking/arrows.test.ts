import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFaults } from './arrows.ts';
import { importsOf } from './imports.ts';

const faultsOf = (from: string, source: string) => findFaults(importsOf(from, source));

const kept: [string, string][] = [
  ['packages/server/src/http/gate.ts', `import type { Project } from '../projects/projects.ts';`],
  ['packages/contract/src/sale.ts', `import type { Money } from '@rocketpay/core/money.ts';`],
  ['packages/core/src/money.test.ts', `import { test } from 'node:test';`],
  ['packages/server/src/refunds/refunds.ts', `import { advance } from '../payments/payments.ts';`],
  ['packages/server/src/refunds/view.ts', `import type { PaymentRow } from '../payments/store.ts';`],
  [
    'packages/server/src/main.ts',
    `import { routes } from './payments/routes.ts';\nimport { camara } from './providers/camara/adapter.ts';`,
  ],
  ['packages/core/src/testing/a.ts', `import { test } from 'node:test';`],
  ['packages/core/src/test-kit/a.ts', `import { test } from 'node:test';`],
  ['packages/sdk/src/signing.ts', `import { signMessage } from '@rocketpay/contract/signature.ts';`],
  ['packages/demo-shop/src/shop.ts', `import {\n  Rocketpay,\n} from '@rocketpay/sdk';`],
  ['packages/server/src/http/a.ts', `import type { B } from './b.ts';\nexport const text = 'import from "x"';`],
];
for (const [from, source] of kept) {
  test(`${from} may say ${source}`, () => assert.deepEqual(faultsOf(from, source), []));
}

const broken: [string, string][] = [
  ['packages/core/src/money.ts', `import { randomUUID } from 'node:crypto';`],
  ['packages/core/src/money.ts', `import type { Sale } from '@rocketpay/contract/sale.ts';`],
  ['packages/core/src/money.ts', `import { x } from '../../server/src/clock.ts';`],
  ['packages/sdk/src/client.ts', `import { formatMoney } from '@rocketpay/core/money.ts';`],
  ['packages/sdk/src/client.ts', `import { request } from 'undici';`],
  ['packages/simulator/src/a.ts', `import { Rocketpay } from '@rocketpay/sdk';`],
  ['packages/simulator/src/a.ts', `export * from '@rocketpay/core/money.ts';`],
  ['packages/demo-shop/src/shop.ts', `const core = await import('@rocketpay/core/money.ts');`],
  ['packages/demo-shop/src/shop.ts', 'const core = await import(`@rocketpay/core/money.ts`);'],
  ['packages/demo-shop/src/shop.ts', 'const core = await import(`@rocketpay/core/${name}.ts`);'],
  ['packages/core/src/money.ts', `const { randomUUID } = require("node:crypto");`],
  ['packages/sdk/src/client.ts', `import { readSale } from '@rocketpay/contract/sale.ts';`],
  ['packages/e2e/src/stage.ts', `import { createServer } from '@rocketpay/server/http/server.ts';`],
  ['packages/unheard-of/src/a.ts', `import { join } from 'node:path';`],
  ['packages/server/src/payments/payments.ts', `import { refund } from '../refunds/refunds.ts';`],
  ['packages/server/src/callbacks/callbacks.ts', `import type { Project } from '../projects/projects.ts';`],
  ['packages/server/src/refunds/refunds.ts', `import { insert } from '../payments/store.ts';`],
  ['packages/server/src/http/gate.ts', `import { find } from '../projects/projects.ts';`],
  ['packages/server/src/db/pool.ts', `import type { Row } from '../payments/store.ts';`],
  ['packages/server/src/payments/payments.ts', `import { camara } from '../providers/camara/adapter.ts';`],
  ['packages/server/src/payments/payments.ts', `import { topFolder } from '../../../../tools/start.ts';`],
  ['tools/test.ts', `import '../packages/server/src/main.ts';`],
];
for (const [from, source] of broken) {
  test(`${from} may not say ${source}`, () => assert.equal(faultsOf(from, source).length, 1));
}

test('a cycle of imports is found, one of types alone is none', () => {
  const three = (word: string) => [
    ...importsOf('tools/a.ts', `import { b } from './b.ts';`),
    ...importsOf('tools/b.ts', `import { c } from './c.ts';`),
    ...importsOf('tools/c.ts', `${word} { a } from './a.ts';`),
  ];
  assert.equal(findFaults(three('import')).length, 1);
  assert.deepEqual(findFaults(three('import type')), []);
});
