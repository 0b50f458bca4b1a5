import { fetchTransport } from '@client-ts/rest';
import { webSockets } from './cases/web-sockets.js';
import { onLoopback, transportCases } from './transport-cases.js';

const authorities = 'fetch can be given no authorities and no certificates';

const secondConnection = 'fetch opens a second one while the first is being freed';

transportCases('fetch', onLoopback(fetchTransport), {
  ...Object.fromEntries(Object.keys(webSockets).map((title) => [title, 'fetch opens no WebSockets'])),
  'many large headers are all there': 'fetch takes 16 KiB of headers and no more',
  'a compressed body that was not asked for comes as it is': 'fetch decompresses whatever says that it is compressed',
  'a compressed body that ends early is truncated': 'fetch takes what has come for the whole',
  'a thousand calls, one after the other, use one connection': secondConnection,
  'discarding a small body gives the connection back': secondConnection,
  'a burst of calls opens a bounded number of connections': 'fetch takes as many as it likes',
  'open watches take no place from calls': 'fetch takes as many as it likes',
  'disposing breaks what is open, twice does nothing, and afterwards nothing is sent':
    'the connections are those of the runtime',
  'a server of an authority that was given is trusted': authorities,
  'an authority that was given replaces all others': authorities,
  'a certificate for another name is a failure of TLS, unless that name is expected': authorities,
  'insecure trusts anybody': authorities,
  'a client certificate is shown': authorities,
});
