import { AdyenCheckout, Dropin, MBWay } from '@adyen/adyen-web';

/** The drop-in as its documentation builds it: one phone method, the advanced flow, nothing measured by its vendor. */
const checkout = await AdyenCheckout({
  environment: 'test',
  clientKey: 'test_BENCH00000000000000000000000000',
  countryCode: 'PT',
  locale: 'en-US',
  amount: { value: 100_000, currency: 'EUR' },
  analytics: { enabled: false },
  paymentMethodsResponse: { paymentMethods: [{ type: 'mbway', name: 'MB WAY' }] },
  onSubmit: (_state, _component, actions) => actions.reject(),
});
new Dropin(checkout, { paymentMethodComponents: [MBWay], openFirstPaymentMethod: true }).mount('#checkout');
