import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Tells whether callbacks may connect to an IP address. */
export type AddressRule = (address: string) => boolean;

/** IPv6 that is routed in the open; what lies outside is local, embedded or not assigned. */
const openIpv6 = ipaddr.parseCIDR('2000::/3');
/** The well-known prefix of NAT64, under which an IPv6-only host reaches the public IPv4. */
const nat64 = ipaddr.parseCIDR('64:ff9b::/96');

/** The IPv4 address that really is meant by a mapped or NAT64 one, else the address itself. */
function meant(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(nat64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return address;
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return !(address instanceof ipaddr.IPv6) || address.match(openIpv6);
}

/**
 * Public unicast addresses, and those within `allowedNetworks` (CIDR notation). Refused by default: private, loopback,
 * link-local, multicast, shared, documentation and benchmark ranges, tunnels, and whatever IPv6 carries such an IPv4.
 * Throws when a network is not in CIDR notation.
 */
export function createAddressRule(allowedNetworks: readonly string[]): AddressRule {
  const networks = allowedNetworks.map((network) => ipaddr.parseCIDR(network));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = meant(ipaddr.parse(text));
    const isAllowed = networks.some(
      ([base, bits]) => base.kind() === address.kind() && address.match([base, bits] as never),
    );
    return isAllowed || isPublic(address);
  };
}
