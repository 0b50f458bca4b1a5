import {
  getControllerOf,
  type KubernetesObject,
  newControllerRef,
  type OwnerReference,
  type ResourceDescriptor,
} from '@client-ts/apimachinery';
import { groupOf } from './group-of.js';

/** An object has a managing controller already, and it is another one. */
export class AlreadyOwnedError extends Error {
  override readonly name = 'AlreadyOwnedError';
  readonly owner: OwnerReference;

  constructor(object: string, owner: OwnerReference) {
    super(`${object} is controlled by ${owner.kind} ${JSON.stringify(owner.name)} already`);
    this.owner = owner;
  }
}

type OwnerDescriptor = Pick<ResourceDescriptor, 'group' | 'version' | 'kind' | 'scope'>;

/**
 * The object, with `owner` as its managing controller: its changes are told to the owner's controller, and it is collected when the
 * owner is gone. The rules are those of controller-runtime's `SetControllerReference`.
 *
 * @param owner - as it was read from a server.
 * @throws AlreadyOwnedError when there is another one. TypeError when the object is not in the owner's namespace, where the owner
 *   has one: the garbage collector would take the owner for gone.
 */
export function withController<T extends KubernetesObject>(object: T, owner: KubernetesObject, of: OwnerDescriptor): T {
  const reference = newControllerRef(owner, of);
  const present = getControllerOf(object);
  if (present && !isSameOwner(present, reference)) throw new AlreadyOwnedError(describe(object), present);
  return withReference(object, owner, of, reference);
}

/**
 * The object, with `owner` among those whose end is its end.
 *
 * @throws TypeError as {@link withController}.
 */
export function withOwner<T extends KubernetesObject>(object: T, owner: KubernetesObject, of: OwnerDescriptor): T {
  const { apiVersion, kind, name, uid } = newControllerRef(owner, of);
  return withReference(object, owner, of, { apiVersion, kind, name, uid });
}

function withReference<T extends KubernetesObject>(
  object: T,
  owner: KubernetesObject,
  { scope }: OwnerDescriptor,
  reference: OwnerReference,
): T {
  const { namespace } = owner.metadata ?? {};
  const { namespace: own, ownerReferences = [] } = object.metadata ?? {};
  if (scope === 'Namespaced' && own !== namespace) {
    const place = own ? `it is in ${JSON.stringify(own)}` : 'it is in none';
    const whose = `${reference.kind} ${JSON.stringify(reference.name)}`;
    throw new TypeError(
      `${describe(object)}: expected the namespace of ${whose}, ${JSON.stringify(namespace)}; ${place}`,
    );
  }
  const others = ownerReferences.filter((each) => !isSameOwner(each, reference));
  return { ...object, metadata: { ...object.metadata, ownerReferences: [...others, reference] } };
}

/** In whatever version; a namesake that was made later takes the place of the one before it. */
function isSameOwner(one: OwnerReference, other: OwnerReference): boolean {
  const { apiVersion, kind, name } = other;
  return groupOf(one.apiVersion) === groupOf(apiVersion) && one.kind === kind && one.name === name;
}

function describe({ metadata, kind = 'the object' }: KubernetesObject): string {
  return `${kind} ${JSON.stringify(metadata?.name ?? metadata?.generateName ?? '')}`;
}
