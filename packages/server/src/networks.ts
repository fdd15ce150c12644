import ipaddr from 'ipaddr.js';

export interface Networks {
  readonly isEmpty: boolean;
  /** False for what is no address. An IPv4 address written as IPv6 is the IPv4 address. */
  include(address: string): boolean;
}

/** An address in its shortest form, an IPv4 written as IPv6 as IPv4; null for what is none, such as a name or `0x7f.1`. */
export function normalAddress(text: string): string | null {
  // The library takes the dead form `::1.2.3.4`, another address, for the IPv4 itself.
  if (text.includes('.') && text.includes(':') && !/^::ffff:/i.test(text)) return null;
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !(text.includes(':') && ipaddr.IPv6.isValid(text))) return null;
  return ipaddr.process(text).toString();
}

/** A network in CIDR notation, its base without host bits; of a single address, that address alone. Null for what is none. */
export function normalNetwork(text: string): string | null {
  const [base = '', bits, ...rest] = text.split('/');
  const address = normalAddress(base);
  if (address === null || rest.length > 0 || base.includes('%')) return null;
  const parsed = ipaddr.parse(address);
  const all = parsed.kind() === 'ipv4' ? 32 : 128;
  if (bits !== undefined && !/^[0-9]{1,3}$/.test(bits)) return null;
  // Of an IPv4 network written as IPv6 the first 96 bits are the prefix that says so.
  const length = bits === undefined ? all : Number(bits) - (all === 32 && base.includes(':') ? 96 : 0);
  if (length < 0 || length > all) return null;
  const kind = parsed.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${kind.networkAddressFromCIDR(`${address}/${length}`).toString()}/${length}`;
}

/** Networks in CIDR notation, read once. Throws when one is none. */
export function createNetworks(cidrs: readonly string[]): Networks {
  const networks = cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
  return {
    isEmpty: networks.length === 0,
    include(text) {
      const normal = normalAddress(text);
      if (normal === null) return false;
      const address = ipaddr.parse(normal);
      return networks.some(([base, bits]) => base.kind() === address.kind() && address.match([base, bits] as never));
    },
  };
}
