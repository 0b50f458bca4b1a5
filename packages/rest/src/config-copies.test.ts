import { expect, test } from 'vitest';
import { anonymousConfig } from './anonymous-config.js';
import type { Config } from './config.js';
import { fetchTransport } from './fetch-transport.js';
import { framedCodec } from './framed-codec.test.kit.js';
import { redactConfig } from './redact-config.js';

/** With everything there is. */
const full: Required<Config> = {
  host: 'https://server',
  bearerToken: 'secret-token',
  username: 'ann',
  password: 'secret-password',
  tls: { ca: 'ca', cert: 'cert', key: 'secret-key', serverName: 'name', insecure: false },
  proxyUrl: 'http://user:secret@proxy:3128',
  impersonate: { userName: 'bob' },
  qps: 5,
  burst: 10,
  rateLimiter: { take: () => Promise.resolve() },
  retry: { max: 1 },
  userAgent: 'mine',
  timeoutMs: 1000,
  onWarning: () => {},
  middleware: [],
  observer: () => {},
  transport: fetchTransport(),
  codecs: [framedCodec()],
};

test('an anonymous config reaches the same server without saying who is calling', () => {
  const { host, proxyUrl, qps, burst, rateLimiter, retry, userAgent, timeoutMs, onWarning, codecs } = full;
  const server = { ca: 'ca', serverName: 'name', insecure: false };
  expect(anonymousConfig(full)).toEqual({
    host,
    proxyUrl,
    qps,
    burst,
    rateLimiter,
    retry,
    userAgent,
    timeoutMs,
    onWarning,
    codecs,
    tls: server,
  });
  expect(anonymousConfig({ host })).toEqual({ host });
});

test('a redacted config shows no secret, and nothing else than the config', () => {
  const shown = redactConfig(full);
  expect(JSON.stringify(shown)).not.toContain('secret');
  expect(shown).toMatchObject({
    host: 'https://server',
    username: 'ann',
    bearerToken: '--- REDACTED ---',
    tls: { ca: 'ca', key: '--- REDACTED ---' },
    proxyUrl: 'http://--- REDACTED ---@proxy:3128',
    codecs: ['application/vnd.example.framed'],
  });
});

test.each([
  ['socks5://proxy', 'socks5://proxy'],
  ['https://ann:secret@proxy', 'https://--- REDACTED ---@proxy'],
  ['http://ann@proxy', 'http://--- REDACTED ---@proxy'],
  ['http://ann:se/cr@et@proxy', 'http://--- REDACTED ---@proxy'],
  ['http:ann:secret@proxy', '--- REDACTED ---'],
  ['ann:secret@proxy:3128', '--- REDACTED ---'],
  ['ftp://ann:secret@proxy', '--- REDACTED ---'],
  ['proxy', '--- REDACTED ---'],
])('a redacted config shows the proxy %s as %s', (proxyUrl, shown) => {
  expect(redactConfig({ host: 'https://server', proxyUrl })).toEqual({ host: 'https://server', proxyUrl: shown });
});
