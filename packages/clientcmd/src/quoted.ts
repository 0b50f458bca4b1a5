import { printable } from '@client-ts/apimachinery';

/**
 * A name out of a kubeconfig as it may stand in a message: in quotes, with everything spelled out that could control a
 * terminal or turn its text around.
 */
export function quoted(name: string): string {
  return printable(JSON.stringify(name));
}
