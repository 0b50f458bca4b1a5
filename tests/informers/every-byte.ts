import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { type EncodingName, encodings } from './encodings.js';
import { refused } from './made-up-answers.js';
import { type Purpose, purposeOf } from './purpose.js';
import { Scene } from './scene.js';
import type { SceneInformerOptions } from './scene-informer.js';

/** More than an answer with two objects has, the end of initial events included. */
const Bytes: Readonly<Record<EncodingName, number>> = { JSON: 1100, CBOR: 900, protobuf: 550 };
/** Long enough that each failure is a first one: pauses grow with those that follow one another within two minutes. */
const CalmMs = 4 * 60_000;

/** An answer that does not arrive in one piece. */
export interface Break extends SceneInformerOptions {
  readonly encoding: EncodingName;
  readonly purpose: Purpose;
  /** Nothing comes after the break, which is told or not; or the rest comes, in pieces as long as the first. */
  readonly after: 'eof' | 'reset' | 'more';
}

const purposes: readonly Purpose[] = ['list', 'stream', 'watch'];

/** Each of an informer of another make. */
export const breaks: readonly Break[] = (Object.keys(encodings) as EncodingName[]).flatMap((encoding) =>
  (['eof', 'reset', 'more'] as const).flatMap((after) =>
    purposes.map((purpose) => ({
      encoding,
      purpose,
      after,
      form: after === 'reset' ? 'compact' : 'whole',
      queue: after === 'reset' ? 'DeltaFIFO' : 'RealFIFO',
    })),
  ),
) satisfies readonly Break[];

/**
 * Lets answers break after 0 bytes, after `step` bytes, and so on until they are whole; each time something else happens at the
 * server. Rejects unless the cache is what the server is after each. Resolves with how many there were.
 */
export async function breakAfterEveryByte({ encoding, purpose, after, ...made }: Break, step: number): Promise<number> {
  await using scene = new Scene({ ...made, encoding, watchList: purpose === 'stream' });
  const { clock, errors, faults, truth, requests } = scene;
  await truth.set('a');
  scene.start();
  await clock.advance(CalmMs);
  let times = 0;
  for (let bytes = 0; bytes < Bytes[encoding]; bytes += step) {
    const fault =
      after === 'more'
        ? ({ kind: 'split', bytes: bytes + 1 } as const)
        : ({ kind: 'truncate', bytes, end: after } as const);
    faults.inject(fault, { matches: (request) => purposeOf(request) === purpose });
    // Whoever is to list has to be told that a watch cannot go on.
    if (purpose !== 'watch')
      faults.inject(refused(newResourceExpired('x')), { matches: (request) => purposeOf(request) === 'watch' });
    requests.length = 0;
    faults.cut('eof');
    await (times++ % 2 === 0 ? truth.set('b') : truth.delete('b'));
    await clock.advance(CalmMs);
    await scene.expectSame();
    if (!requests.includes(purpose))
      throw new Error(`nobody asked for the ${purpose} that was to break after ${bytes} bytes`);
    if (after === 'more' && errors.length > 0)
      throw new Error(`in pieces of ${bytes + 1} bytes: ${errors[0]?.message}`);
  }
  return times;
}
