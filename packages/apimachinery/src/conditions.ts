/** `metav1.Condition`: one aspect of an object's state. */
export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown' | (string & {});
  observedGeneration?: number;
  /** RFC 3339 time of the last change of `status`. */
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
}

/** The condition of this type, if there is one. */
export function findStatusCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isStatusConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findStatusCondition(conditions, type)?.status === 'True';
}

/**
 * The conditions with `condition` in them, as a new list. `lastTransitionTime` moves only when `status` changes; it is
 * the given one, or else `now`.
 */
export function setStatusCondition(
  conditions: readonly Condition[] | undefined,
  condition: Condition,
  now: Date = new Date(),
): Condition[] {
  const existing = findStatusCondition(conditions, condition.type);
  const lastTransitionTime =
    existing?.status === condition.status && existing.lastTransitionTime !== undefined
      ? existing.lastTransitionTime
      : (condition.lastTransitionTime ?? now.toISOString().replace(/\.\d+Z$/, 'Z'));
  const updated = { ...existing, ...condition, lastTransitionTime };
  if (!existing) return [...(conditions ?? []), updated];
  return (conditions ?? []).map((other) => (other === existing ? updated : other));
}
