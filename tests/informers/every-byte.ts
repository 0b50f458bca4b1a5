import { type Purpose, purposeOf } from './purpose.js';
import { Scene } from './scene.js';

/** More than an answer with two objects has. */
const Bytes = 800;
/** Long enough that each failure is a first one: pauses grow with those that follow one another within two minutes. */
const CalmMs = 4 * 60_000;

/** An answer that ends too early. */
export interface EarlyEnd {
  readonly purpose: Purpose;
  readonly end: 'eof' | 'reset';
}

export const earlyEnds: readonly EarlyEnd[] = (['eof', 'reset'] as const).flatMap((end) =>
  (['list', 'stream', 'watch'] as const).map((purpose) => ({ purpose, end })),
);

/**
 * Lets answers end after 0 bytes, after `step` bytes, and so on until they are whole; each time something else happens at the
 * server. Rejects unless the cache is what the server is after each. Resolves with how many there were.
 */
export async function endAfterEveryByte({ purpose, end }: EarlyEnd, step: number): Promise<number> {
  await using scene = new Scene({ watchList: purpose === 'stream' });
  const { clock, faults, server, truth, requests } = scene;
  await truth.set('a');
  scene.start();
  await clock.advance(CalmMs);
  let times = 0;
  for (let bytes = 0; bytes < Bytes; bytes += step) {
    faults.inject({ kind: 'truncate', bytes, end }, { matches: (request) => purposeOf(request) === purpose });
    requests.length = 0;
    if (purpose === 'watch') faults.cut('eof');
    else server.closeWatches('expired');
    await (times++ % 2 === 0 ? truth.set('b') : truth.delete('b'));
    await clock.advance(CalmMs);
    await scene.expectSame();
    if (!requests.includes(purpose))
      throw new Error(`nobody asked for the ${purpose} that was to end after ${bytes} bytes`);
  }
  return times;
}
