import { describe, test } from 'vitest';
import type { MakeTransport, StartPeer } from './case.js';
import { connections } from './cases/connections.js';
import { exchange } from './cases/exchange.js';
import { failures } from './cases/failures.js';
import { gzip } from './cases/gzip.js';
import { leaving } from './cases/leaving.js';
import { tls } from './cases/tls.js';
import { webSockets } from './cases/web-sockets.js';
import { Peer } from './peer.js';

const allTopics = { exchange, gzip, failures, leaving, connections, tls, webSockets };

type Topics = typeof allTopics;
export type CaseName = { [Topic in keyof Topics]: keyof Topics[Topic] }[keyof Topics];

/**
 * Holds a transport to the contract, against a server that can be told what to answer.
 *
 * @param setUp - called for each case.
 * @param skip - why a case cannot hold for this one.
 * @param topics - default: all.
 */
export function transportCases(
  name: string,
  setUp: () => { readonly make: MakeTransport; readonly start: StartPeer },
  skip: Readonly<Partial<Record<CaseName, string>>> = {},
  topics: Partial<Topics> = allTopics,
): void {
  describe(name, () => {
    for (const [topic, cases] of Object.entries(topics)) {
      describe(topic, () => {
        for (const [title, run] of Object.entries(cases)) {
          const reason = skip[title as CaseName];
          test.skipIf(reason)(reason === undefined ? title : `${title} (skipped: ${reason})`, async () => {
            const { make, start } = setUp();
            await run(make, start);
          });
        }
      });
    }
  });
}

/** Cases on loopback. */
export function onLoopback(make: MakeTransport): () => { readonly make: MakeTransport; readonly start: StartPeer } {
  return () => ({ make, start: (answer) => Peer.start(answer) });
}
