import type { Fault } from '@rocketpay/contract/fault.ts';
import type { PageForm } from '@rocketpay/contract/page-form.ts';
import { type PageRequest, parsePage } from '@rocketpay/contract/page-parameters.ts';
import { pageText, signatureOf, verifyPage } from '@rocketpay/contract/page-signature.ts';
import { gateCodes } from '@rocketpay/core/errors.ts';
import { paymentKey, type PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { Door } from '../http/gate.ts';

export type Link =
  | { readonly kind: 'good'; readonly request: PageRequest; readonly key: PaymentKey; readonly text: string }
  | { readonly kind: 'refused'; readonly status: 400 | 404; readonly faults: readonly Fault[] };

const fault = (code: Fault['code'], field: string, constraint: string, says: string): Fault => ({
  code,
  field,
  constraint,
  message: `${field} ${says}`,
});

/** Reads a link: its form with all its faults, then its project, its signature, and what the project allows. */
export async function checkLink(
  form: PageForm,
  formFaults: readonly Fault[],
  { projects, secretUses }: Pick<Door, 'projects' | 'secretUses'>,
  { mayBeUnsigned = false } = {},
): Promise<Link> {
  const refused = (faults: readonly Fault[], status: 400 | 404 = 400): Link => ({ kind: 'refused', status, faults });
  const isUnsigned = mayBeUnsigned && signatureOf(form) === '';
  const parsed = parsePage(isUnsigned ? { ...form, signature: placeholder } : form);
  const faults = [...formFaults, ...(parsed.ok ? [] : parsed.faults)];
  const projectId = Number(form['project_id']);
  const project = Number.isSafeInteger(projectId) ? await projects.find(projectId) : null;
  if (!project && /^[1-9][0-9]{0,9}$/.test(String(form['project_id'])))
    return refused([fault('2442', 'project_id', 'exists', 'is no project of this platform'), ...faults], 404);
  if (!parsed.ok || faults.length > 0 || !project) return refused(faults);
  const secret = isUnsigned ? undefined : project.secrets.find(({ key }) => verifyPage(form, key));
  if (secret) secretUses.note(project.projectId, secret.secretNo);
  else if (!isUnsigned)
    return refused([{ ...fault('3261', 'signature', 'signature', ''), message: gateCodes['3261'].message }]);
  const request = parsed.value;
  if (!project.currencies.includes(request.currency))
    return refused([fault('3023', 'payment_currency', 'enabled', 'is not enabled for this project')]);
  return {
    kind: 'good',
    request,
    key: { projectId: request.projectId, paymentKey: paymentKey(request.paymentId) },
    text: pageText(form),
  };
}

/** Of the right form, and nobody's: stands where a signature is not asked for. */
const placeholder = `${'A'.repeat(86)}==`;
