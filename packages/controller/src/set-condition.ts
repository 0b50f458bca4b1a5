import { type Condition, setStatusCondition } from '@client-ts/apimachinery';
import type { CachedObject, DeepReadonly } from '@client-ts/cache';

/** What a controller says of an object. */
export interface SetCondition extends Pick<Condition, 'type' | 'status'> {
  /** A word in CamelCase, for programs; servers want one. */
  readonly reason: string;
  /** For people. Default: none. */
  readonly message?: string | undefined;
}

/** An object whose status has conditions. */
export interface ConditionedObject extends CachedObject {
  readonly status?: { readonly conditions?: DeepReadonly<Condition[]> | undefined } | undefined;
}

/**
 * The conditions of an object, with one in them that is as of its present generation, for its status. When nothing changes, the
 * result is the very list that it has: then there is nothing to write.
 *
 * `lastTransitionTime` stays while `status` stays, as with `meta.SetStatusCondition`; a change of reason, message or generation
 * does not move it.
 *
 * @param now - when it changed, in milliseconds since the epoch. Default: the time of the machine.
 */
export function setCondition(
  object: ConditionedObject,
  condition: SetCondition,
  now: number = Date.now(),
): Condition[] {
  const { type, status, reason, message = '' } = condition;
  const { generation } = object.metadata ?? {};
  return setStatusCondition<Condition>(
    // It is not changed, but for its type.
    object.status?.conditions as Condition[] | undefined,
    { type, status, reason, message, ...(generation === undefined ? {} : { observedGeneration: generation }) },
    new Date(now),
  );
}
