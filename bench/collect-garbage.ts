import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const collect = globalThis.gc ?? exposed();

/** Collects all garbage, so that nobody pays for what was done before. Works without `--expose-gc`, too. */
export function collectGarbage(): void {
  collect();
}

function exposed(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
