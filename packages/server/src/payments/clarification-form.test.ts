import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paths, signed } from '../testing/gate-bodies.ts';
import { postCode, reachCode, requestIdOf } from '../testing/purchase.ts';
import { openPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { usePool } from '../testing/test-pool.ts';

const pool = usePool();

interface SchemaForm {
  readonly clarification_fields: {
    readonly additional_data: { readonly required: string[]; readonly errors?: unknown };
  };
  readonly clarification_info: { readonly reason: string };
}

async function openWithSchemaForm(): Promise<TestPlatform> {
  const platform = await openPlatform(pool());
  await pool().query(`UPDATE projects SET clarification_form = 'schema'`);
  platform.clock.advance(5_000);
  return platform;
}

test('a project that chose it gets the fields in schema form, in callbacks and status, with what was wrong', async () => {
  const platform = await openWithSchemaForm();
  await reachCode(platform, 'order-1');
  const property = 'additional_data.approval_code';
  const turns = [
    ['wrong', 'code_wrong', [{ property, message: 'The code is wrong', constraint: 'wrong' }]],
    ['expired', 'code_expired', [{ property, message: 'The code has expired', constraint: 'expired' }]],
  ] as const;
  const first = platform.merchant.last() as unknown as SchemaForm;
  assert.deepEqual(first.clarification_fields.additional_data.required, ['approval_code']);
  assert.equal(first.clarification_fields.additional_data.errors, undefined);
  for (const [reason, told, errors] of turns) {
    platform.provider.answerNext('validate', { kind: 'code_rejected', reason });
    requestIdOf(await postCode(platform, 'order-1'));
    await platform.idle();
    const { text } = await platform.post(paths.status, signed('order-1'));
    for (const body of [platform.merchant.last() as unknown as SchemaForm, JSON.parse(text) as SchemaForm]) {
      assert.deepEqual(body.clarification_fields.additional_data.errors, errors);
      assert.equal(body.clarification_info.reason, told);
    }
  }
});

test('every other project gets the list', async () => {
  const platform = await openPlatform(pool());
  await pool().query(`UPDATE projects SET clarification_form = 'list'`);
  platform.clock.advance(5_000);
  await reachCode(platform, 'order-1');
  assert.deepEqual(platform.merchant.last().clarification_fields, { additional_data: ['approval_code'] });
});
