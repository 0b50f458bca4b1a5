import type { ForwardedPort } from '../port-forwarder.js';

const MaxPort = 65_535;

/**
 * kubectl's notation: `8080:80`, `80` for the same number on both sides, and `:80` or `0:80` for any local port (0).
 *
 * @throws TypeError that names the place.
 */
export function parsePorts(ports: readonly string[]): ForwardedPort[] {
  if (ports.length === 0) throw new TypeError('ports: expected at least one');
  return ports.map((text, index) => {
    const parts = text.split(':');
    const [first = '', second = first] = parts;
    const local = parts.length === 2 && first === '' ? 0 : numberOf(first);
    const remote = numberOf(second);
    if (parts.length <= 2 && local !== undefined && remote !== undefined && remote > 0) return { local, remote };
    const expected = `"local:remote", ":remote" or "port", with ports up to ${MaxPort} and a remote one above 0`;
    throw new TypeError(`ports[${index}]: expected ${expected}; got ${JSON.stringify(text)}`);
  });
}

function numberOf(text: string): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : Infinity;
  return number <= MaxPort ? number : undefined;
}
