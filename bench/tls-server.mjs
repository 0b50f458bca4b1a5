// A server of one answer over TLS, in a process of its own so that its time is not the clients'. Started by tls-server.ts.
//
// Gets { cert, key, body }, and answers with { port }; from then on every message is answered with { connections }, the
// number accepted so far. Ends with its parent.
import { createServer } from 'node:https';

process.once('message', ({ cert, key, body }) => {
  let connections = 0;
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const server = createServer({ cert, key, keepAliveTimeout: 120_000 }, (request, response) => {
    response.writeHead(200, headers);
    response.end(body);
  });
  server.on('secureConnection', () => connections++);
  server.listen(0, '127.0.0.1', () => {
    process.on('message', () => process.send({ connections }));
    process.send({ port: server.address().port });
  });
});
process.once('disconnect', () => process.exit());
