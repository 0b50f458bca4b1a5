// Run in a network of its own: a server across a wire goes away without a word, and what becomes of those who wait is printed.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { realClock } from '@client-ts/apimachinery';
import { isTransportError, readText, type TransportRequest } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';

const Near = '10.77.1.1';
const Far = '10.77.1.2';
const FarMac = '02:00:00:00:00:02';
const Port = 8080;

/** The kernel takes its time; the transport looks at what it knows ten times as often. */
const Quicker = 10;

if (process.argv[2] === 'far') serve();
else await call();

/** Answers `/`; begins to answer `/watch`, and says nothing to anything else. */
function serve(): void {
  const server = createServer((request, response) => {
    if (request.url === '/') response.end('hello');
    else if (request.url === '/watch') response.write('first');
    else console.log('asked');
  });
  server.keepAliveTimeout = 60_000;
  // It does not outlive who has started it.
  process.stdin.resume().once('end', () => process.exit());
  server.listen(Port, () => console.log('listening'));
}

async function call(): Promise<void> {
  const far = spawn('unshare', ['--net', process.execPath, ...process.execArgv, import.meta.filename, 'far'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(far.stdout, 'data');
  await ip(`link add near type veth peer name far address ${FarMac} netns ${far.pid}`);
  await ip(`address add ${Near}/24 dev near`);
  await ip('link set near up');
  await ip(`address add ${Far}/24 dev far`, far.pid);
  await ip('link set far up', far.pid);
  // Between the two are others, who stay: the next one is there, whatever becomes of the last.
  await ip(`neighbor replace ${Far} lladdr ${FarMac} dev near nud permanent`);

  const clock = {
    ...realClock,
    setTimeout: (callback: () => void, ms: number) => realClock.setTimeout(callback, ms / Quicker),
  };
  await using transport = newTransport({ tcpProbeDelayMs: 1000, clock, headersTimeoutMs: 0, bodyTimeoutMs: 0 });
  const request = (path: string, longRunning?: boolean): TransportRequest => {
    return { method: 'GET', url: new URL(`http://${Far}:${Port}${path}`), headers: {}, longRunning };
  };
  const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(String, (error: unknown) =>
      isTransportError(error) ? `${error.failure}: ${error.message}` : String(error),
    );
  const { body } = await transport.request(request('/watch', true));
  const parts = body[Symbol.asyncIterator]();
  await parts.next();
  const asked = once(far.stdout, 'data');
  const slow = outcomeOf(transport.request(request('/slow')));
  await asked;
  await readText((await transport.request(request('/'))).body);

  // From here on what comes is for nobody.
  await ip(`address delete ${Far}/24 dev far`, far.pid);
  const outcomes = await Promise.all([outcomeOf(parts.next()), slow, outcomeOf(transport.request(request('/late')))]);
  console.log(JSON.stringify(outcomes));
  far.stdin.end();
}

async function ip(command: string, pid?: number): Promise<void> {
  const words = ['ip', ...command.split(' ')];
  const [program = '', ...args] = pid === undefined ? words : ['nsenter', '--net', `--target=${pid}`, ...words];
  await promisify(execFile)(program, args);
}
