/** `metav1.Condition`: one aspect of an object's state. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown' | (string & {});
  observedGeneration?: number;
  /** RFC 3339 time of the last change of `status`; some servers write null where it was never set. */
  lastTransitionTime?: string | null;
  reason?: string;
  message?: string;
}

/** The condition of this type, if there is one. */
export function findStatusCondition<C extends Condition>(
  conditions: readonly C[] | null | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether there is a condition of this type, and it is `True`. */
export function isStatusConditionTrue(conditions: readonly Condition[] | null | undefined, type: string): boolean {
  return findStatusCondition(conditions, type)?.status === 'True';
}

/**
 * The conditions with `condition` in them, in the place of the one of its type or at the end.
 *
 * `lastTransitionTime` stays while `status` stays; when it changes, it is the given one, or else `now`. When nothing
 * changes, the result is the very list that was given: then there is nothing to write.
 */
export function setStatusCondition<C extends Condition>(
  conditions: C[] | null | undefined,
  condition: C,
  now: Date = new Date(),
): C[] {
  const existing = findStatusCondition(conditions, condition.type);
  const lastTransitionTime =
    existing?.status === condition.status && existing.lastTransitionTime
      ? existing.lastTransitionTime
      : (condition.lastTransitionTime ?? now.toISOString().replace(/\.\d+Z$/, 'Z'));
  const updated = { ...condition, lastTransitionTime };
  if (!conditions || !existing) return [...(conditions ?? []), updated];
  if (areSame(existing, updated)) return conditions;
  return conditions.map((other) => (other === existing ? updated : other));
}

/** The conditions without the one of this type; the very list that was given when it has none. */
export function removeStatusCondition<C extends Condition>(conditions: C[], type: string): C[] {
  return findStatusCondition(conditions, type) ? conditions.filter((condition) => condition.type !== type) : conditions;
}

function areSame<C extends Condition>(a: C, b: C): boolean {
  const fields = Object.keys({ ...a, ...b }) as (keyof C)[];
  return fields.every((field) => a[field] === b[field]);
}
