import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PaymentKey } from '@rocketpay/core/payment-key.ts';
import type { NoticeAddress } from '../providers/port.ts';

/**
 * Where a provider tells us of one operation: the URL carries the payment's key and a token of the operation, and a bearer
 * of its own goes beside it. Both are derived from the platform's key, so that nothing has to be stored.
 */
export interface NoticeAddresses {
  of(key: PaymentKey, operationNo: number, providerName: string): NoticeAddress;
  /** The operation a notice is for; null when its path, token or bearer is not ours. `unsent` for providers that send no bearer. */
  read(
    path: NoticePath,
    authorization: string | undefined,
    bearer?: 'sent' | 'unsent',
  ): (PaymentKey & { readonly operationNo: number }) | null;
}

export interface NoticePath {
  readonly projectId: string;
  readonly key: string;
  readonly operationNo: string;
  readonly token: string;
}

/** `publicUrl` is the platform's own address as the provider reaches it, without a final slash. */
export function createNoticeAddresses(noticeKey: Buffer, publicUrl: string): NoticeAddresses {
  const derive = (purpose: 'url' | 'bearer', key: PaymentKey, operationNo: number): string =>
    createHmac('sha256', noticeKey)
      .update(`${purpose}\n${key.projectId}\n${operationNo}\n${key.paymentKey}`)
      .digest('base64url');

  return {
    of(key, operationNo, providerName) {
      const place = `${key.projectId}/${Buffer.from(key.paymentKey).toString('base64url')}/${operationNo}`;
      return {
        url: `${publicUrl}/notices/${providerName}/${place}/${derive('url', key, operationNo)}`,
        bearer: derive('bearer', key, operationNo),
      };
    },
    read(path, authorization, bearer = 'sent') {
      const key = { projectId: Number(path.projectId), paymentKey: Buffer.from(path.key, 'base64url').toString() };
      const operationNo = Number(path.operationNo);
      if (!Number.isSafeInteger(key.projectId) || !Number.isSafeInteger(operationNo)) return null;
      const tokenHolds = equal(path.token, derive('url', key, operationNo));
      const bearerHolds = equal(authorization ?? '', `Bearer ${derive('bearer', key, operationNo)}`);
      return tokenHolds && (bearerHolds || bearer === 'unsent') ? { ...key, operationNo } : null;
    },
  };
}

function equal(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
