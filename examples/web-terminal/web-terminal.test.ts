import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type FakeCall, fakeExec, type FakeProcess } from '@client-ts/remotecommand/testing';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ToBridge, type ToPage, WindowBytes } from './protocol.js';
import { serveWebTerminal, type WebTerminal } from './server.js';

/** Writes until nobody is there any more. */
const writeOn: FakeProcess = async ({ stdout, signal }) => {
  while (!signal.aborted) {
    await stdout.write('y\n'.repeat(10_000));
    // There is no network that others could take their turn at.
    await setImmediate();
  }
};

const Where = { namespace: 'default', pod: 'web' };

/** What a page does, without one. */
class PageInNode {
  readonly socket: WebSocket;
  readonly said: ToPage[] = [];
  received = '';
  readonly #closing: Promise<unknown[]>;
  #look: () => void = () => {};

  constructor({ url }: WebTerminal, { origin, token }: { origin?: string; token?: string } = {}) {
    const { host, hash } = new URL(url);
    const protocols = ['terminal', `token.${token ?? hash.slice(1)}`];
    this.socket = new WebSocket(`ws://${host}/exec`, protocols, { origin: origin ?? `http://${host}` });
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.received += data.toString('latin1');
      else this.said.push(JSON.parse(data.toString()) as ToPage);
      this.#look();
    });
    this.socket.on('close', () => this.#look());
    this.#closing = new Promise((resolve) => this.socket.once('close', (...how) => resolve(how)));
    this.socket.on('error', () => {});
  }

  tell(message: ToBridge): void {
    this.socket.send(JSON.stringify(message));
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`closed, after ${JSON.stringify(this.said)}`);
      await new Promise<void>((resolve) => (this.#look = resolve));
    }
  }

  /** With which code it was closed, when all messages have come. */
  async closed(): Promise<number> {
    return (await this.#closing)[0] as number;
  }
}

describe('a web terminal', () => {
  /** What runs in the container; each test has its own. */
  let process: FakeProcess = () => 0;
  let terminal: WebTerminal;
  let pages: PageInNode[] = [];
  beforeAll(async () => {
    const config = fakeExec({ host: 'https://server' }, (call) => process(call));
    terminal = await serveWebTerminal(config, Where);
    return () => terminal[Symbol.asyncDispose]();
  });
  afterEach(() => {
    for (const { socket } of pages.splice(0)) socket.terminate();
  });

  async function open(): Promise<PageInNode> {
    const page = new PageInNode(terminal);
    pages.push(page);
    await once(page.socket, 'open');
    return page;
  }

  test('hands on what is typed, what is written, the size and the exit code', async () => {
    let seen: Partial<FakeCall> = {};
    process = async (call) => {
      seen = call;
      const size = await new Promise<string>((resolve) =>
        call.onResize(({ width, height }) => resolve(`${height} ${width}`)),
      );
      for await (const bytes of call.stdin) {
        await call.stdout.write(`${size} ${new TextDecoder().decode(bytes)}`);
        break;
      }
      return 3;
    };
    const page = await open();
    page.tell({ type: 'resize', width: 100, height: 30 });
    page.socket.send(Buffer.from('größe'));
    expect(await page.closed()).toBe(1000);
    expect(Buffer.from(page.received, 'latin1').toString()).toBe('30 100 größe');
    expect(page.said).toEqual([
      { type: 'taken', bytes: 7 },
      { type: 'exit', code: 3 },
    ]);
    expect(seen).toMatchObject({ ...Where, command: ['sh'], tty: true });
  });

  test('says why there is no process', async () => {
    process = () => Promise.reject(new Error('no such pod'));
    const page = await open();
    expect(await page.closed()).toBe(1011);
    expect(page.said).toEqual([{ type: 'failed', message: expect.stringContaining('no such pod') }]);
  });

  test('writes no more than the page takes', async () => {
    process = writeOn;
    const page = await open();
    const isFull = (windows: number) => () => page.received.length > windows * WindowBytes - 20_000;
    await page.until(isFull(1));
    // A pong comes after all that was sent before it.
    page.socket.ping();
    await once(page.socket, 'pong');
    expect(page.received.length).toBeLessThanOrEqual(WindowBytes);
    page.tell({ type: 'taken', bytes: page.received.length });
    await page.until(isFull(1.9));
    expect(page.received.length).toBeLessThanOrEqual(2 * WindowBytes);
  });

  test('lets a page send no more than the process takes', async () => {
    process = () => new Promise(() => {});
    const page = await open();
    for (let sent = 0; sent <= WindowBytes; sent += 32 * 1024) page.socket.send(Buffer.alloc(32 * 1024));
    expect(await page.closed()).toBe(1008);
  });

  test.each(['{', '{"type":"resize","width":-1,"height":5}', '{"type":"taken","bytes":1}', 'null', '{"type":"other"}'])(
    'closes when a page says what it should not: %s',
    async (text) => {
      process = () => new Promise(() => {});
      const page = await open();
      page.socket.send(text);
      expect(await page.closed()).toBe(1008);
    },
  );

  test.each<[string, FakeProcess]>([
    ['waits for more', ({ stdout }) => stdout.write('ready')],
    ['writes without an end', writeOn],
  ])('takes leave of a process that %s when the page goes', async (_, begin) => {
    const typed = new Promise<string>((resolve) => {
      process = async (call) => {
        void Promise.resolve(begin(call)).catch(() => {});
        const { value } = await call.stdin.getReader().read();
        resolve(new TextDecoder().decode(value));
      };
    });
    const page = await open();
    await page.until(() => page.received !== '');
    page.socket.terminate();
    expect(await typed).toBe('\u0003');
  });

  test.each<[string, ConstructorParameters<typeof PageInNode>[1]]>([
    ['from another origin', { origin: 'http://127.0.0.1:1' }],
    ['from a page of no origin', { origin: 'null' }],
    ['with another token', { token: 'x'.repeat(43) }],
    ['without a token', { token: '' }],
  ])('opens nothing %s', async (_, how) => {
    process = () => {
      throw new Error('ran');
    };
    const page = new PageInNode(terminal, how);
    const [, response] = (await once(page.socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
  });

  test('serves its page under its own name only, and lets nobody frame it', async () => {
    const get = async (
      path: string,
      headers: Record<string, string> = {},
    ): Promise<[status: number | undefined, policy: string | undefined]> => {
      const sent = request(new URL(path, terminal.url), { headers, agent: false }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      const policy = String(response.headers['content-security-policy']);
      return [response.statusCode, /frame-ancestors [^;]+/.exec(policy)?.[0]];
    };
    const policy = "frame-ancestors 'none'";
    expect(await Promise.all(['/', '/page.js', '/page.css', '/other'].map((path) => get(path)))).toEqual([
      [200, policy],
      [200, policy],
      [200, policy],
      [404, policy],
    ]);
    expect(await get('/', { host: 'evil.example' })).toEqual([421, policy]);
  });
});
