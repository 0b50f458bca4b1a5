interface Parsed {
  readonly major: number;
  /** `alpha` < `beta` < stable. */
  readonly stability: number;
  readonly minor: number;
}

const Stability: Readonly<Record<string, number>> = { alpha: 0, beta: 1 };

/**
 * Orders API versions as clients prefer them: stable before beta before alpha, newer before older, and names that are no
 * Kubernetes versions last, by name.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-priority
 */
export function compareKubeVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : a > b ? 1 : 0;
  return right.stability - left.stability || right.major - left.major || right.minor - left.minor;
}

function parse(version: string): Parsed | undefined {
  const match = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/.exec(version);
  if (!match) return undefined;
  const [, major, stage, minor] = match;
  return {
    major: Number(major),
    stability: stage === undefined ? 2 : (Stability[stage] ?? 2),
    minor: Number(minor ?? 0),
  };
}
