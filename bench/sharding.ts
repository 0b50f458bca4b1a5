import { Environment } from '@client-ts/envtest';
import { overlaps } from '../tests/sharding/overlaps.js';
import { Scene } from '../tests/sharding/scene.js';
import type { Usage } from '../tests/sharding/worker-event.js';
import type { WorkerProcess } from '../tests/sharding/worker-process.js';

const ObjectBytes = 1000;

/**
 * Four processes share the objects of a real kube-apiserver, with and without its gate, beside one process that has them all; one
 * is killed, and one is added. Gives the lines of a table of what each of them takes, as they become known.
 *
 * @throws Error when two ever worked on one object, or nobody on one.
 */
export async function* sharding(objects: number): AsyncGenerator<string, void> {
  yield line(['', 'objects', 'heap MiB', 'RSS MiB', 'watch MiB']);
  for (const gate of [true, false]) {
    const apiServerFlags = [`--feature-gates=ShardedListAndWatch=${gate}`];
    await using environment = await Environment.start({ apiServerFlags });
    await using scene = new Scene(environment, { objects, size: ObjectBytes, leaseDurationMs: 15_000 });
    const name = gate ? 'with the gate' : 'without';

    const alone = scene.start('alone', 'alone');
    await scene.shares(1);
    const empty = await scene.usageOf(alone);
    await scene.change();
    await scene.allDone();
    yield* oneRound(scene, [alone], empty, `${name}: alone`);
    await scene.stop();

    const four = ['a', 'b', 'c', 'd'].map((identity) => scene.start(identity));
    await scene.shares(8, 8, 8, 8);
    yield* oneRound(scene, four, empty, `${name}: one of four`);

    four.at(0)!.signal('SIGKILL');
    await scene.change();
    await scene.allDone();
    scene.start('e');
    await scene.shares(8, 8, 8, 8);
    await scene.change();
    await scene.allDone();
    await scene.stop();
    const spans = scene.spans();
    const [wrong] = [...overlaps(spans), ...scene.lateWrites];
    if (wrong) throw new Error(wrong);
    const missing = objects - new Set(spans.map(({ uid }) => uid)).size;
    if (missing > 0) throw new Error(`${missing} objects were never worked on`);
    yield `${name}: one killed, one added, ${spans.length} reconciles, and none beside another of its object`;
  }
}

/** Every object is changed once, and once more by its reconcile: that is what the watch brings. */
async function* oneRound(
  scene: Scene,
  workers: WorkerProcess[],
  empty: Usage,
  name: string,
): AsyncGenerator<string, void> {
  const usages = (): Promise<Usage[]> => Promise.all(workers.map((each) => scene.usageOf(each)));
  const before = await usages();
  await scene.change();
  await scene.allDone();
  for (const [index, { objects, heapBytes, rssBytes, watchBytes }] of (await usages()).entries()) {
    const bytes = [heapBytes - empty.heapBytes, rssBytes, watchBytes - before.at(index)!.watchBytes];
    yield line([name, String(objects), ...bytes.map((each) => (each / 1024 / 1024).toFixed(1))]);
  }
}

function line([name = '', ...cells]: readonly string[]): string {
  return name.padEnd(26) + cells.map((cell) => cell.padStart(11)).join('');
}
