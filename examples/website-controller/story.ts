import assert from 'node:assert/strict';
import type { Deployment } from '@client-ts/api/apps/v1';
import type { ConfigMap, Event } from '@client-ts/api/core/v1';
import { retryOnConflict } from '@client-ts/apimachinery';
import { isConflict } from '@client-ts/apimachinery/errors';
import { Clientset } from '@client-ts/clientset';
import type { Config, ResourceInterface } from '@client-ts/rest';
import type { Narrator } from './narrator.js';
import { observe } from './observe.js';
import { type Website, websites } from './website.js';

export interface Stage {
  /** How the people of the story reach the server; not the controller's connection, which they break. */
  readonly config: Config;
  readonly namespace: string;
  /** Breaks every watch of the controller; says how many there were. */
  readonly dropWatches: () => number;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

/**
 * What users do to their Websites, and what they expect of the controller. Every act ends with a check; a check that
 * fails, or an expectation that is not met before `signal` aborts, rejects.
 */
export async function tellStory(stage: Stage): Promise<void> {
  const story = new Story(stage);
  await story.create();
  await story.scale();
  await story.breakThings();
  await story.writeAtOnce();
  await story.dropWatches();
  await story.deleteWebsite();
}

class Story {
  readonly #stage: Stage;
  readonly #websites: ResourceInterface<Website, Website>;
  readonly #deployments: Pick<ResourceInterface<Deployment, unknown>, 'list' | 'watch' | 'delete'>;
  readonly #configMaps: Pick<ResourceInterface<ConfigMap, unknown>, 'list' | 'watch' | 'patch'>;
  readonly #events: Pick<ResourceInterface<Event, unknown>, 'watch'>;

  constructor(stage: Stage) {
    this.#stage = stage;
    const clientset = new Clientset(stage.config);
    this.#websites = clientset.resource(websites, stage.namespace);
    this.#deployments = clientset.appsV1().deployments(stage.namespace);
    this.#configMaps = clientset.coreV1().configMaps(stage.namespace);
    this.#events = clientset.coreV1().events(stage.namespace);
  }

  async create(): Promise<void> {
    const { narrator } = this.#stage;
    narrator.act('A Website is created');
    narrator.outside('create Website blog with 2 replicas');
    await this.#websites.create({ metadata: { name: 'blog' }, spec: { html: '<h1>Hello</h1>', replicas: 2 } });
    const website = await this.#served(2);
    assert.equal(website.status?.observedGeneration, website.metadata?.generation);
    narrator.check('ConfigMap and Deployment exist, status says Serving');
  }

  async scale(): Promise<void> {
    const { narrator } = this.#stage;
    narrator.act('It becomes popular');
    narrator.outside('scale blog to 5 replicas');
    await this.#websites.patch('blog', { type: 'merge', patch: { spec: { replicas: 5 } } });
    await this.#served(5);
    narrator.check('the Deployment follows');
  }

  async breakThings(): Promise<void> {
    const { narrator } = this.#stage;
    narrator.act('Somebody breaks things');
    const before = await this.#deployment((deployment) => deployment !== undefined);
    narrator.outside('delete Deployment blog');
    await this.#deployments.delete('blog');
    await this.#deployment((deployment) => deployment !== undefined && uidOf(deployment) !== uidOf(before));
    narrator.check('the Deployment is back, as a new object');

    narrator.outside('deface ConfigMap blog');
    await this.#configMaps.patch('blog', { type: 'merge', patch: { data: { 'index.html': 'owned' } } });
    await this.#pageIs('<h1>Hello</h1>');
    narrator.check('the page is what the Website says');

    await this.#told('created ConfigMap', 'created Deployment', 'repaired ConfigMap');
    narrator.check('Events of the Website say what was done');
  }

  async writeAtOnce(): Promise<void> {
    const { narrator } = this.#stage;
    narrator.act('Two people edit at once');
    const [ann, bob] = [await this.#websites.get('blog'), await this.#websites.get('blog')];
    narrator.outside('Ann changes the page');
    await this.#websites.update({ ...ann, spec: { ...ann.spec, html: '<h1>Ann</h1>' } });
    narrator.outside('Bob scales down the version that he had read before');
    await assert.rejects(this.#websites.update({ ...bob, spec: { ...bob.spec, replicas: 1 } }), isConflict);
    narrator.check('Bob is told of the conflict');
    await retryOnConflict(async () => {
      const current = await this.#websites.get('blog');
      await this.#websites.update({ ...current, spec: { ...current.spec, replicas: 1 } });
    });
    await this.#served(1);
    await this.#pageIs('<h1>Ann</h1>');
    narrator.check('he reads again and retries: both edits are kept');
  }

  async dropWatches(): Promise<void> {
    const { narrator } = this.#stage;
    narrator.act('The network fails');
    const dropped = this.#stage.dropWatches();
    assert.ok(dropped >= 3, `expected the controller to hold 3 watches, it held ${dropped}`);
    narrator.outside(`cut the controller's ${dropped} watches, then scale blog to 3 replicas`);
    await this.#websites.patch('blog', { type: 'merge', patch: { spec: { replicas: 3 } } });
    await this.#served(3);
    narrator.check('the controller saw the change all the same');
  }

  async deleteWebsite(): Promise<void> {
    const { narrator, signal } = this.#stage;
    narrator.act('The Website is deleted');
    narrator.outside('delete Website blog');
    await this.#websites.delete('blog');
    await observe(this.#websites, 'blog', (website) => website === undefined, signal);
    for (const [kind, client] of [
      ['Deployments', this.#deployments],
      ['ConfigMaps', this.#configMaps],
    ] as const) {
      const { items } = await client.list({ labelSelector: 'website=blog', signal });
      assert.deepEqual(items, [], `${kind} left behind`);
    }
    narrator.check('its children went first, nothing is left');
  }

  /** Resolves once the Website and its Deployment both say `replicas`, for the newest spec. */
  async #served(replicas: number): Promise<Website> {
    await this.#deployment((deployment) => deployment?.spec?.replicas === replicas);
    const served = await observe(
      this.#websites,
      'blog',
      (website) =>
        website?.status?.phase === 'Serving' &&
        website.status.replicas === replicas &&
        website.status.observedGeneration === website.metadata?.generation,
      this.#stage.signal,
    );
    assert.ok(served);
    return served;
  }

  /** What was done about the Website is told where people look for it. */
  async #told(...expected: readonly string[]): Promise<void> {
    const fieldSelector = 'involvedObject.kind=Website,involvedObject.name=blog';
    const messages = new Set<string | undefined>();
    for await (const { type, object } of this.#events.watch({ fieldSelector, signal: this.#stage.signal })) {
      if (type !== 'BOOKMARK') messages.add(object.message);
      if (expected.every((message) => messages.has(message))) return;
    }
  }

  async #deployment(condition: (deployment: Deployment | undefined) => boolean): Promise<Deployment | undefined> {
    return observe(this.#deployments, 'blog', condition, this.#stage.signal);
  }

  async #pageIs(html: string): Promise<void> {
    const isPage = (configMap: ConfigMap | undefined): boolean => configMap?.data?.['index.html'] === html;
    await observe(this.#configMaps, 'blog', isPage, this.#stage.signal);
  }
}

function uidOf(deployment: Deployment | undefined): string | undefined {
  return deployment?.metadata?.uid;
}
