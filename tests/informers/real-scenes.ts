import { coreV1Table } from '@client-ts/api/core/v1/protobuf';
import { protobuf } from '@client-ts/serializer/protobuf';
import { RealScene, type RealSceneOptions } from './real-scene.js';

/** Where objects of each informer are, and how it is made: as they are by default, and otherwise in all. */
const makes: readonly Pick<RealSceneOptions, 'namespace' | 'form' | 'queue' | 'watchList' | 'codecs'>[] = [
  { namespace: 'default' },
  { namespace: 'other', form: 'compact', queue: 'DeltaFIFO', watchList: false, codecs: [protobuf(coreV1Table)] },
];

export const sceneNamespaces: readonly string[] = makes.map(({ namespace = '' }) => namespace);

/** Informers of different makes on one server, to which the same happens side by side. */
export class RealScenes implements AsyncDisposable {
  readonly #scenes: readonly RealScene[];

  /** Resolves when each informer has been started, in a namespace of `sceneNamespaces`. */
  static async start(options: RealSceneOptions): Promise<RealScenes> {
    return new RealScenes(await Promise.all(makes.map((make) => RealScene.start({ ...options, ...make }))));
  }

  private constructor(scenes: readonly RealScene[]) {
    this.#scenes = scenes;
  }

  /** Resolves when it has happened to all; rejects, not before that, with what became of the first that failed. */
  async each(happens: (scene: RealScene) => unknown): Promise<void> {
    const ends = await Promise.allSettled(this.#scenes.map(async (scene) => happens(scene)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.each((scene) => scene[Symbol.asyncDispose]());
  }
}
