import { type Config, restClientFor } from '@client-ts/rest';
import { pollUntil } from './poll-until.js';

/** A cold disk and a busy machine included; a server that is well is ready within 3 s. */
const StartTimeoutMs = 60_000;

/** With the administrator's certificate: others are refused until RBAC has been set up, and would look like a failure. */
export async function untilReady(config: Config, signal: AbortSignal): Promise<void> {
  const client = restClientFor(config);
  const isReady = async (): Promise<boolean> => {
    const response = await client.send({ method: 'GET', target: '/readyz' }, { signal });
    await response.discard();
    await client.json({ method: 'GET', target: '/api/v1/namespaces/default' }, { signal });
    return true;
  };
  await pollUntil('kube-apiserver to be ready', StartTimeoutMs, isReady, signal);
}

/** Controllers are at work once one of them has given the namespace its service account. */
export async function untilControlled(config: Config, signal: AbortSignal): Promise<void> {
  const target = '/api/v1/namespaces/default/serviceaccounts/default';
  const hasServiceAccount = async (): Promise<boolean> => {
    await restClientFor(config).json({ method: 'GET', target }, { signal });
    return true;
  };
  await pollUntil('kube-controller-manager to be at work', StartTimeoutMs, hasServiceAccount, signal);
}
