// Gives lists and watches of pods from files, byte by byte as they were recorded, in a process of its own so that its time is
// not the clients'. Started by replay.ts.
//
// Gets { folder }, and answers with { port }. In the folder there are list, initial and changes, each with .json and, where
// there are recordings of them, .pb and .meta: metadata alone, in JSON, which never changes. A POST to /start sends the changes to everybody who watches. Who asks for a namespace gets
// few-list and few-initial, and no changes but the bookmark at the end of that, again and again. Ends with its parent.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const Protobuf = 'application/vnd.kubernetes.protobuf';
/** What is in the Accept header of who wants something else than JSON. */
const Wanted = { pb: 'protobuf', meta: 'as=PartialObjectMetadata' };
const Nothing = new Uint8Array(0);
const PieceBytes = 64 * 1024;
const BookmarkMs = 30_000;

process.once('message', ({ folder }) => {
  const load = (name) => (existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name)) : undefined);
  const recordings = Object.fromEntries(
    ['json', 'pb', 'meta'].map((form) => [
      form,
      Object.fromEntries(
        ['list', 'initial', 'changes', 'few-list', 'few-initial'].map((name) => [name, load(`${name}.${form}`)]),
      ),
    ]),
  );
  const watching = new Set();

  const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => void answer(request, response));
  const answer = async (request, response) => {
    if (request.method === 'POST') {
      for (const { answer, form } of watching) void send(answer, recordings[form].changes ?? Nothing);
      response.end();
      return;
    }
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    const few = pathname.includes('/namespaces/') ? 'few-' : '';
    const accept = request.headers.accept ?? '';
    const form =
      Object.entries(Wanted).find(([form, word]) => accept.includes(word) && recordings[form].list)?.[0] ?? 'json';
    const isWatch = searchParams.has('watch');
    const type = form === 'pb' ? Protobuf : 'application/json';
    response.writeHead(200, { 'content-type': isWatch && form === 'pb' ? `${type};stream=watch` : type });
    if (!isWatch) {
      await send(response, recordings[form][`${few}list`]);
      response.end();
      return;
    }
    response.flushHeaders();
    if (searchParams.get('sendInitialEvents') === 'true') await send(response, recordings[form][`${few}initial`]);
    if (few) {
      // Informers to which nothing is said for long ask anew.
      const bookmark = lastFrame(recordings[form][`${few}initial`], form);
      const speaking = setInterval(() => response.write(bookmark), BookmarkMs);
      response.on('close', () => clearInterval(speaking));
      return;
    }
    const watch = { answer: response, form };
    watching.add(watch);
    response.on('close', () => watching.delete(watch));
  };
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
});
process.once('disconnect', () => process.exit());

function lastFrame(bytes, form) {
  if (form !== 'pb') return bytes.subarray(bytes.lastIndexOf(0x0a, -2) + 1);
  let at = 0;
  for (let next = 0; next < bytes.length; next += 4 + bytes.readUInt32BE(next)) at = next;
  return bytes.subarray(at);
}

/** No more than the reader takes. */
async function send(response, bytes) {
  for (let at = 0; at < bytes.length && !response.destroyed; at += PieceBytes) {
    if (response.write(bytes.subarray(at, at + PieceBytes))) continue;
    await new Promise((resolve) => {
      const next = () => {
        response.off('drain', next).off('close', next);
        resolve();
      };
      response.on('drain', next).on('close', next);
    });
  }
}
