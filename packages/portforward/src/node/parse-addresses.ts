import { isIP } from 'node:net';

/** Where is listened, on each of the ports. */
export interface ListenAddress {
  readonly address: string;
  readonly family: 4 | 6;
  /** `false` for what `localhost` stands for, of which one will do: a machine may have but one of the two. */
  readonly isRequired: boolean;
}

const Localhost: readonly ListenAddress[] = [
  { address: '127.0.0.1', family: 4, isRequired: false },
  { address: '::1', family: 6, isRequired: false },
];

/**
 * kubectl's rules: `localhost` for 127.0.0.1 and ::1, of which at least one must do, and IP addresses, of which each must. In the
 * order of their text, each once.
 *
 * @throws TypeError that names the place.
 */
export function parseAddresses(addresses: readonly string[]): ListenAddress[] {
  if (addresses.length === 0) throw new TypeError('addresses: expected at least one');
  const parsed = new Map<string, ListenAddress>();
  for (const [index, address] of addresses.entries()) {
    if (address === 'localhost') {
      for (const each of Localhost) if (!parsed.has(each.address)) parsed.set(each.address, each);
      continue;
    }
    const family = isIP(address);
    if (family !== 4 && family !== 6) {
      throw new TypeError(`addresses[${index}]: expected an IP address or "localhost", got ${JSON.stringify(address)}`);
    }
    parsed.set(address, { address, family, isRequired: true });
  }
  return [...parsed.values()].toSorted((one, other) => (one.address < other.address ? -1 : 1));
}
