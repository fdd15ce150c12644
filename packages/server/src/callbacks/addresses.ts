import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Tells whether callbacks may connect to an IP address. */
export type AddressRule = (address: string) => boolean;

/** IPv6 that is routed in the open; what lies outside is local, embedded or not assigned. */
const openIpv6 = ipaddr.parseCIDR('2000::/3');
/** The well-known prefix of NAT64, under which an IPv6-only host reaches the public IPv4. */
const nat64 = ipaddr.parseCIDR('64:ff9b::/96');

/** Public by their number, yet answered by the cloud itself, with its machines' secrets: Azure's WireServer. */
const ofTheCloud = [ipaddr.parseCIDR('168.63.129.16/32')];
/** The last 64 bits of an ISATAP address: a tunnel to the IPv4 in its last 32. */
const isatap: readonly string[] = ['0:5efe', '200:5efe'];

/** The IPv4 address that really is meant by a mapped or NAT64 one, else the address itself. */
function meant(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(nat64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return address;
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (!(address instanceof ipaddr.IPv6)) return !ofTheCloud.some((network) => address.match(network as never));
  const [, , , , fifth = 0, sixth = 0] = address.parts;
  return address.match(openIpv6) && !isatap.includes(`${fifth.toString(16)}:${sixth.toString(16)}`);
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
