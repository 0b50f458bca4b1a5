import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whom a request is for. */
interface Server {
  /** In lower case; an IPv6 address without brackets, and an IPv4 address as that, however it was written. */
  readonly name: string;
  readonly port: string;
}

const DefaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * The proxy that `HTTPS_PROXY`, or for plain HTTP `HTTP_PROXY`, names for a server, unless `NO_PROXY` exempts it. Lower-case
 * names work too. Loopback is never proxied.
 *
 * `NO_PROXY` is a list of host names (subdomains included), `.domain`s (subdomains alone), IP addresses and CIDR ranges, each
 * but the last with an optional port, or `*`: the rules of Go's net/http, and so of kubectl.
 *
 * @param host - URL of the server, or `host:port` alone for plain HTTP.
 * @param env - Default: `process.env`.
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function proxyFromEnvironment(host: string, env: Environment = process.env): string | undefined {
  const url = parsed(host.includes('://') ? host : `http://${host}`);
  if (!url) return undefined; // whoever connects will say what is wrong with it
  const proxy = url.protocol === 'https:' ? variable(env, 'HTTPS_PROXY') : plainProxy(env);
  if (!proxy) return undefined;
  const name = unmapped(url.hostname.replace(/^\[|\]$/g, ''));
  const server = { name, port: url.port || (DefaultPorts[url.protocol] ?? '') };
  const exceptions = (variable(env, 'NO_PROXY') ?? '').split(',').map((entry) => entry.trim().toLowerCase());
  if (isLoopback(name) || exceptions.some((entry) => exempts(entry, server))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `URL.canParse` of some versions of Node.js finds fault with names beyond ASCII. */
function parsed(url: string): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function variable(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toLowerCase()];
}

/** Under CGI, `HTTP_PROXY` is a header of whoever asks (https://httpoxy.org). */
function plainProxy(env: Environment): string | undefined {
  return env['REQUEST_METHOD'] ? env['http_proxy'] : variable(env, 'HTTP_PROXY');
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || inSubnet(name, '127.0.0.0', 8) || inSubnet(name, '::1', 128);
}

function exempts(entry: string, { name, port }: Server): boolean {
  if (entry === '*') return true;
  const [, network, prefix] = /^([^/]+)\/(\d+)$/.exec(entry) ?? [];
  if (network !== undefined && isIP(network)) return inSubnet(name, network, Number(prefix));
  const { host, itsPort } = splitPort(entry);
  if (host === '' || (itsPort !== '' && itsPort !== port)) return false;
  if (isIP(host)) return name === unmapped(host) || inSubnet(name, host, isIP(host) === 4 ? 32 : 128);
  const domain = inAscii(host.replace(/^\*?\./, ''));
  return name.endsWith(`.${domain}`) || (name === domain && !/^\*?\./.test(host));
}

/** As the name in a URL is. */
function inAscii(domain: string): string {
  return /[^\u0020-\u007e]/.test(domain) ? domainToASCII(domain) || domain : domain;
}

/** `host`, `host:port`, an IPv6 address alone, or one in brackets with a port. */
function splitPort(entry: string): { readonly host: string; readonly itsPort: string } {
  const [, bracketed, ofAddress] = /^\[([^\]]*)\]:([^:]*)$/.exec(entry) ?? [];
  if (bracketed !== undefined) return { host: bracketed, itsPort: ofAddress ?? '' };
  const [, host, itsPort] = /^([^:[\]]*):([^:]*)$/.exec(entry) ?? [];
  return { host: host ?? entry, itsPort: itsPort ?? '' };
}

/** An IPv4 address that is written as an IPv6 one, such as `::ffff:10.0.0.1`, as what it is. */
function unmapped(address: string): string {
  if (isIP(address) !== 6) return address;
  const hostname = parsed(`http://[${address}]`)?.hostname ?? '';
  const [, high, low] = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return hostname.slice(1, -1);
  return [high, low].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]).join('.');
}

function inSubnet(address: string, network: string, prefix: number): boolean {
  const itsNetwork = unmapped(network);
  const family = isIP(itsNetwork);
  const itsPrefix = family === 4 && isIP(network) === 6 ? prefix - 96 : prefix;
  if (isIP(address) === 0 || isIP(address) !== family) return false;
  if (itsPrefix < 0 || itsPrefix > (family === 6 ? 128 : 32)) return false;
  const subnet = new BlockList();
  subnet.addSubnet(itsNetwork, itsPrefix, family === 6 ? 'ipv6' : 'ipv4');
  return subnet.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
