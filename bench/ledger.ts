type Entry = { readonly kind: string; readonly reference: string; readonly amount: number };
type Expected = { readonly runName: string; readonly succeeded: number; readonly amountMinor: number };

/** What is wrong with the operator's ledger, each a line: it must hold one charge for each purchase, and nothing else. */
export function ledgerFaults(text: string, { runName, succeeded, amountMinor }: Expected): string[] {
  const entries = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
  const foreign = entries.filter(
    ({ kind, reference, amount }) =>
      kind !== 'charge' || amount !== amountMinor || !reference.startsWith(`${runName}-`),
  );
  const charged = new Set(entries.map(({ reference }) => reference));
  const faults: string[] = [];
  if (foreign.length > 0) faults.push(`the operator's ledger has ${foreign.length} entries that are no such purchase`);
  if (charged.size < entries.length)
    faults.push(`the operator charged ${entries.length - charged.size} times too often`);
  if (charged.size !== succeeded) faults.push(`the operator charged ${charged.size} purchases, ${succeeded} succeeded`);
  return faults;
}
