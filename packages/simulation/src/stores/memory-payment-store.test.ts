import { paymentStoreSuite } from '@rocketpay/server/payments/store.suite.ts';
import { createMemoryCallbacks } from './callback-dues.ts';
import { createMemoryPaymentStore } from './memory-payment-store.ts';

paymentStoreSuite('memory', async () => {
  const callbacks = createMemoryCallbacks();
  return createMemoryPaymentStore((rows) => callbacks.enqueueNow(rows));
});
