import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { configMaps } from '@client-ts/api/core/v1';
import { InitialEventsAnnotation } from '@client-ts/apimachinery';
import { SharedInformerFactory } from '@client-ts/informers';
import { newTransport } from '@client-ts/transport';
import { expect, test } from 'vitest';

const Events = 300;
const EventBytes = 64 * 1024;

/** Sends a change after the other, as fast as they are taken. */
class Firehose {
  sent = 0;

  async answer(response: ServerResponse): Promise<void> {
    const closed = once(response, 'close');
    const end = { resourceVersion: '1', annotations: { [InitialEventsAnnotation]: 'true' } };
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata: end } })}\n`);
    const data = { x: 'x'.repeat(EventBytes) };
    for (let n = 0; n < Events && !response.destroyed; n++) {
      const metadata = { name: `o${n % 10}`, namespace: 'default', resourceVersion: String(100 + n) };
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
      this.sent++;
      if (!response.write(`${JSON.stringify({ type: n < 10 ? 'ADDED' : 'MODIFIED', object })}\n`))
        await Promise.race([newDrain(response), closed]);
    }
  }
}

function newDrain(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve));
}

/** Until nothing has been sent in so many turns of the event loop. */
async function untilStill(firehose: Firehose): Promise<number> {
  for (let quiet = 0, last = -1; quiet < 500; quiet = firehose.sent === last ? quiet + 1 : 0) {
    last = firehose.sent;
    await turn();
  }
  return firehose.sent;
}

function newPromise(): [Promise<void>, () => void] {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return [promise, () => resolve()];
}

test('what a handler is too slow for waits at the server, through socket and all', async () => {
  const firehose = new Firehose();
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    expect(request.url).toContain('sendInitialEvents=true');
    void firehose.answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await using transport = newTransport();
  await using factory = new SharedInformerFactory({ host: `http://127.0.0.1:${port}`, transport });
  const informer = factory.informer(configMaps);
  const [held, letGo] = newPromise();
  const [first, tellFirst] = newPromise();
  const [all, tellAll] = newPromise();
  let told = 0;
  const handle = (): Promise<void> => {
    if (++told === 1) tellFirst();
    if (told === Events) tellAll();
    return held;
  };
  informer.addEventHandler({ onAdd: handle, onUpdate: handle }, { maxBacklog: 10 });
  factory.start();

  await first;
  while (informer.health().handlers[0]?.length !== 10) await turn();
  const sent = await untilStill(firehose);
  // Some megabytes are on their way: in the buffers of two sockets, and of the client.
  expect(sent).toBeLessThan(Events / 2);
  expect([told, informer.health().handlers[0]?.length]).toEqual([1, 10]);

  letGo();
  await all;
  expect(firehose.sent).toBe(Events);
  expect(informer.lastSyncResourceVersion()).toBe(String(99 + Events));
  await factory.shutdown();
  server.close();
});
