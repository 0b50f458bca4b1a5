import type { FlagSpecs } from './flags.js';

export type DryRun = 'none' | 'client' | 'server';

export const dryRunFlag = {
  'dry-run': { type: 'string', default: 'none', bare: 'client' },
} as const satisfies FlagSpecs;

/** @throws Error for anything else. */
export function dryRunOf({ 'dry-run': value }: { readonly 'dry-run': string }): DryRun {
  if (value === 'none' || value === 'client' || value === 'server') return value;
  throw new Error(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
}

/** What has happened, or would have. */
export function withDryRun(operation: string, dryRun: DryRun): string {
  return { none: operation, client: `${operation} (dry run)`, server: `${operation} (server dry run)` }[dryRun];
}
