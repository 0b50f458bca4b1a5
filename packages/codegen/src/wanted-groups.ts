import { formatGroupVersion } from './naming.js';

/** Whether a group version is among `wanted`, which names groups (`apps`) and group versions (`apps/v1`, `v1`). */
export function isWanted(wanted: readonly string[], group: string, version: string): boolean {
  return (group !== '' && wanted.includes(group)) || wanted.includes(formatGroupVersion({ group, version }));
}
