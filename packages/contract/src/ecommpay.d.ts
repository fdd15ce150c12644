/** The public SDK ships without types; these are the parts that our tests hold ourselves against. */
declare module 'ecommpay' {
  const sdk: {
    readonly signer: (body: object, secret: string) => string;
    readonly Callback: new (
      secret: string,
      body: string | object,
    ) => { isPaymentSuccess(): boolean; getPaymentId(): string };
    readonly Payment: new (projectId: number, secret: string, parameters: object, url: string) => { getUrl(): string };
  };
  export default sdk;
}
