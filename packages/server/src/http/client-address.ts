import { normalAddress, type Networks } from '../networks.ts';

/** A header longer than this is nobody's honest road. */
const MOST_HOPS = 64;

/** An address as proxies write it: some add the port, and then IPv6 stands in brackets. */
function addressOf(hop: string): string | null {
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(hop) ?? [];
  if (bracketed !== undefined) return bracketed.includes(':') ? normalAddress(bracketed) : null;
  const [, withPort] = /^([^:]*):\d{1,5}$/.exec(hop) ?? [];
  return normalAddress(withPort ?? hop);
}

/**
 * Who sent a request: the socket's other end, unless that is a trusted proxy. Each trusted proxy is believed about its own
 * client only, so the answer is the right-most address of `X-Forwarded-For` that is no trusted proxy's; what stands left of
 * it is the sender's invention. Where all are trusted: the left-most. Null when a trusted proxy names no address.
 */
export function clientAddress(
  trusted: Networks,
  remote: string | undefined,
  forwardedFor: string | readonly string[] | undefined,
): string | null {
  let address = normalAddress(remote ?? '');
  if (trusted.isEmpty || forwardedFor === undefined || address === null || !trusted.include(address)) return address;
  const header = typeof forwardedFor === 'string' ? forwardedFor : forwardedFor.join(',');
  const hops = header.split(',').map((hop) => hop.trim());
  if (header.trim() === '') return address;
  if (hops.length > MOST_HOPS) return null;
  for (const hop of hops.toReversed()) {
    address = addressOf(hop);
    if (address === null || !trusted.include(address)) return address;
  }
  return address;
}
