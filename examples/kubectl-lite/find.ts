import type { KubernetesObject, Unstructured } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { DynamicClient, type DynamicResource } from '@client-ts/dynamic';
import { eachListItem } from '@client-ts/pager';
import type { Session } from './session.js';
import type { Collection, Target, Targets } from './targets.js';

/** Something that a server has given: an object, or a table of them. */
export interface Found<T> extends Omit<Target, 'object'> {
  readonly object: T;
}

/** How things are asked for. */
export interface Source<T> {
  get(target: Target): Promise<T>;
  list(collection: Collection): AsyncIterable<Found<T>>;
}

/** Asks for everything, whatever fails. */
export async function findAll<T>(
  targets: Targets,
  source: Source<T>,
  options?: AttemptOptions,
): Promise<{ readonly found: Found<T>[]; readonly errors: unknown[] }> {
  const found: Found<T>[] = [];
  const errors =
    'items' in targets
      ? await attemptAll(
          targets.items,
          async (target) => void found.push({ ...target, object: await source.get(target) }),
          options,
        )
      : await attemptAll(
          targets.collections,
          async (collection) => {
            for await (const one of source.list(collection)) found.push(one);
          },
          options,
        );
  return { found, errors };
}

export interface AttemptOptions {
  /** Whether what is not there is no failure. Default: it is. */
  readonly ignoreNotFound?: boolean;
}

/** Works on one after the other, and resolves with all that has failed. */
export async function attemptAll<T>(
  all: readonly T[],
  work: (one: T) => Promise<void>,
  { ignoreNotFound = false }: AttemptOptions = {},
): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (const one of all) {
    try {
      await work(one);
    } catch (error) {
      if (!(ignoreNotFound && isNotFound(error))) errors.push(error);
    }
  }
  return errors;
}

/** Whole objects, one by one. */
export class ObjectSource implements Source<KubernetesObject> {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get(target: Target): Promise<KubernetesObject> {
    return resourceOf(this.#session, target).get(target.name);
  }

  async *list(collection: Collection): AsyncGenerator<Found<KubernetesObject>> {
    const { mapping, labelSelector, fieldSelector } = collection;
    const { signal } = this.#session.io;
    const options = { labelSelector, fieldSelector, signal };
    for await (const object of eachListItem(resourceOf(this.#session, collection), options)) {
      const { name = '', namespace } = object.metadata ?? {};
      yield { mapping, namespace, name, object };
    }
  }
}

/** The verbs of a resource, where something of it is. */
export function resourceOf(
  session: Session,
  { mapping, namespace }: Pick<Target, 'mapping' | 'namespace'>,
): DynamicResource<Unstructured, Unstructured> {
  const resource = new DynamicClient(session.config).resource(mapping);
  return namespace === undefined ? resource : resource.namespace(namespace);
}
