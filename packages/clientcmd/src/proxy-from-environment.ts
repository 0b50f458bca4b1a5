import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that `HTTPS_PROXY`, or for plain HTTP `HTTP_PROXY`, names for a server, unless `NO_PROXY` exempts it. Lower-case
 * names work too. Loopback is never proxied.
 *
 * `NO_PROXY` is a list of host names (subdomains included), `.domain`s (subdomains alone), IP addresses and CIDR ranges, each
 * but the last with an optional port, or `*`: the rules of Go's net/http, and so of kubectl.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function proxyFromEnvironment(host: string, env: Environment): string | undefined {
  const address = host.includes('://') ? host : `http://${host}`;
  if (!URL.canParse(address)) return undefined; // whoever connects will say what is wrong with it
  const url = new URL(address);
  const proxy = url.protocol === 'https:' ? variable(env, 'HTTPS_PROXY') : variable(env, 'HTTP_PROXY');
  if (!proxy) return undefined;
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const server = { name, port: url.port || { 'http:': '80', 'https:': '443' }[url.protocol] || '' };
  const exceptions = (variable(env, 'NO_PROXY') ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  if (isLoopback(name) || exceptions.some((entry) => exempts(entry, server))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function variable(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toLowerCase()];
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || inSubnet(name, '127.0.0.0', 8) || inSubnet(name, '::1', 128);
}

function exempts(entry: string, { name, port }: { name: string; port: string }): boolean {
  if (entry === '*') return true;
  const cidr = /^([^/]+)\/(\d+)$/.exec(entry);
  if (cidr) return inSubnet(name, cidr[1] ?? '', Number(cidr[2]));
  const [, exempted = '', itsPort] = isIP(entry) ? [entry, entry] : (/^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? []);
  if (exempted === '' || (itsPort !== undefined && itsPort !== port)) return false;
  if (isIP(exempted)) return inSubnet(name, exempted, isIP(exempted) === 4 ? 32 : 128);
  const domain = exempted.replace(/^\*\./, '.');
  return domain.startsWith('.') ? name.endsWith(domain) : name === domain || name.endsWith(`.${domain}`);
}

function inSubnet(address: string, network: string, prefix: number): boolean {
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const sameFamily = isIP(address) !== 0 && isIP(address) === isIP(network);
  if (!sameFamily || prefix > (family === 'ipv6' ? 128 : 32)) return false;
  const subnet = new BlockList();
  subnet.addSubnet(network, prefix, family);
  return subnet.check(address, family);
}
