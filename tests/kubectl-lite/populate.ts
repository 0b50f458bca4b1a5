import { type KubernetesObject, parseGroupVersion, type Unstructured } from '@client-ts/apimachinery';
import { DiscoveryClient } from '@client-ts/discovery';
import { DynamicClient, type DynamicResource } from '@client-ts/dynamic';
import { type Config, readText, restClientFor } from '@client-ts/rest';
import { DeferredDiscoveryRESTMapper } from '@client-ts/restmapper';
import { objectsOf } from './world.js';

/** A server, and what is put there for commands to find. */
export class World {
  readonly #config: Config;
  readonly #mapper: DeferredDiscoveryRESTMapper;

  constructor(config: Config) {
    this.#config = { ...config, onWarning: () => undefined };
    this.#mapper = new DeferredDiscoveryRESTMapper(new DiscoveryClient(this.#config));
  }

  async create(object: KubernetesObject): Promise<void> {
    const resource = await this.#resourceOf(object);
    const created = await resource.create(object as Unstructured);
    const { status } = object as { status?: object };
    if (status) await resource.updateStatus({ ...created, status });
  }

  /** A namespace with everything that there is in one. */
  async populate(namespace: string): Promise<void> {
    await this.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (const object of objectsOf(namespace)) await this.create(object);
  }

  gadgets(namespace: string): Promise<DynamicResource<Unstructured, Unstructured>> {
    return this.#resourceOf({ apiVersion: 'lite.example.com/v1', kind: 'Gadget', metadata: { namespace } });
  }

  /** How many watches of a resource the server has open. */
  async watches(resource: string): Promise<number> {
    const target = '/metrics';
    const client = restClientFor(this.#config);
    const text = await client.read({ method: 'GET', target }, {}, ({ body }) => readText(body));
    const isOne = (line: string): boolean =>
      line.startsWith('apiserver_longrunning_requests{') &&
      line.includes(`resource="${resource}"`) &&
      line.includes('verb="WATCH"');
    const counts = text.split('\n').filter(isOne);
    return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  async #resourceOf(object: KubernetesObject): Promise<DynamicResource<Unstructured, Unstructured>> {
    const { apiVersion = '', kind = '', metadata } = object;
    const mapping = await this.#mapper.restMapping({ ...parseGroupVersion(apiVersion), kind });
    const all = new DynamicClient(this.#config).resource(mapping);
    return metadata?.namespace === undefined ? all : all.namespace(metadata.namespace);
  }
}
