import { fetchTransport } from '@client-ts/rest';
import { webSockets } from './cases/web-sockets.js';
import { onLoopback, transportCases } from './transport-cases.js';

const authorities = 'fetch can be given no authorities and no certificates';

const secondConnection = 'fetch opens a second one while the first is being freed';

const noPings = 'the WebSocket of a runtime sends no pings';
const noAnswers = 'the WebSocket of a runtime does not tell how it was refused';

/** Node.js has a WebSocket from version 22 on, and from 20 on with `--experimental-websocket`. */
const webSocketSkips =
  typeof WebSocket === 'undefined'
    ? Object.fromEntries(Object.keys(webSockets).map((title) => [title, 'this Node.js has no WebSocket of its own']))
    : {
        'headers arrive, and the server chooses among the subprotocols that were asked for':
          'the WebSocket of a runtime takes no headers',
        'a refusal is an answer like others, with the reason in its body': noAnswers,
        'a refusal that breaks off is truncated': noAnswers,
        'a refusal without end can be left while its next part is waited for': noAnswers,
        'a ping waits until it is aborted, or the connection is gone': noPings,
        'an abort cuts the connection, and what is pending rejects with its reason': noPings,
        'messages that nobody reads stay with the server': 'the WebSocket of a runtime cannot be told to wait',
        'a message that is too large closes with code 1009': 'the WebSocket of a runtime has limits of its own',
        'closing tells the peer why, lets what is under way be read, and does nothing twice':
          'the WebSocket of a runtime gives no messages once it is closing',
        'disposing of the transport cuts its WebSockets, closing it says goodbye':
          'the connections are those of the runtime',
      };

transportCases('fetch', onLoopback(fetchTransport), {
  ...webSocketSkips,
  'many large headers are all there': 'fetch takes 16 KiB of headers and no more',
  'a compressed body that was not asked for comes as it is': 'fetch decompresses whatever says that it is compressed',
  'a compressed body that ends early is truncated': 'fetch takes what has come for the whole',
  'a thousand calls, one after the other, use one connection': secondConnection,
  'discarding a small body gives the connection back': secondConnection,
  'an abort after the end changes nothing': secondConnection,
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
