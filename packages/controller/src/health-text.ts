import type { HealthReport } from './health-checks.js';

/**
 * A report as Kubernetes' own components give it. Why something failed is for logs, and not for whoever may look here.
 *
 * @param name - of the endpoint, such as `readyz`.
 */
export function healthText(name: string, { healthy, results }: HealthReport, verbose: boolean): string {
  if (healthy && !verbose) return 'ok';
  const lines = results.map((each) =>
    each.error === undefined ? `[+]${each.name} ok` : `[-]${each.name} failed: reason withheld`,
  );
  return [...lines, `${name} check ${healthy ? 'passed' : 'failed'}`, ''].join('\n');
}
