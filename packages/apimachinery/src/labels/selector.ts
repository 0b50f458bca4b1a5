import { formatRequirement, type LabelSet, meets, newRequirement, type Requirement } from './requirement.js';

/** Chooses objects by their labels. */
export interface Selector {
  /** Sorted by key. */
  readonly requirements: readonly Requirement[];
  matches(labels: LabelSet): boolean;
  /** The selector's text; parsing it gives the same selector. */
  toString(): string;
}

/** `metav1.LabelSelector`, as it stands in specs. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** A selector of requirements that must all be met. */
export function newSelector(requirements: readonly Requirement[]): Selector {
  const sorted = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    requirements: sorted,
    matches: (labels) => sorted.every((requirement) => meets(requirement, labels)),
    toString: () => sorted.map(formatRequirement).join(','),
  };
}

/** Matches every object. */
export function everything(): Selector {
  return newSelector([]);
}

/** Matches no object. Its text is empty, as client-go's is: do not send it. */
export function nothing(): Selector {
  return { requirements: [], matches: () => false, toString: () => '' };
}

const Operators = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const;

/**
 * The selector that a spec means. No selector at all matches nothing; an empty one matches everything.
 *
 * @throws RangeError when an operator is unknown or a requirement is not valid.
 */
export function selectorFromLabelSelector(selector: LabelSelector | undefined): Selector {
  if (selector === undefined) return nothing();
  const requirements = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
    newRequirement(key, '=', [value]),
  );
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (!Object.hasOwn(Operators, operator)) {
      throw new RangeError(`${JSON.stringify(operator)} is not a valid label selector operator`);
    }
    requirements.push(newRequirement(key, Operators[operator as keyof typeof Operators], values));
  }
  return newSelector(requirements);
}
