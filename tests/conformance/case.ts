import type { KubernetesObject } from '@client-ts/apimachinery';
import { isStatusError, type Status } from '@client-ts/apimachinery/errors';
import { Clientset } from '@client-ts/clientset';
import { DynamicClient } from '@client-ts/dynamic';
import { type Config, type RestClient, restClientFor } from '@client-ts/rest';
import { rawClient, type RawClient, rawWatch, type RawWatch } from './raw-client.js';

/** What a case sees of the server that it runs on. */
export interface CaseContext {
  readonly config: Config;
  readonly clientset: Clientset;
  readonly dynamic: DynamicClient;
  readonly rest: RestClient;
  /** Requests as bytes, where a client would hide the point. */
  readonly raw: RawClient;
  /** Watches as they come, where a client would hide the point. */
  readonly rawWatch: RawWatch;
  /** A namespace that only this case uses. */
  readonly namespace: string;
  /** Makes the server forget its history. */
  readonly compact: () => Promise<void>;
}

/** Cases of one topic, by what they show. */
export type Cases = Readonly<Record<string, (context: CaseContext) => Promise<void>>>;

/** A server that the suite runs on. */
export interface ServerUnderTest extends AsyncDisposable {
  readonly config: Config;
  compact(): Promise<void>;
}

/** Runs one case in a namespace of its own. */
export async function runCase(server: ServerUnderTest, run: Cases[string]): Promise<void> {
  const clientset = new Clientset(server.config);
  const created = await clientset
    .coreV1()
    .namespaces()
    .create({ metadata: { generateName: 'conformance-' } });
  await run({
    config: server.config,
    clientset,
    dynamic: new DynamicClient(server.config),
    rest: restClientFor(server.config),
    raw: rawClient(server.config),
    rawWatch: rawWatch(server.config),
    namespace: nameOf(created),
    compact: () => server.compact(),
  });
}

/** The failure that a call has to end in. */
export async function failureOf(call: Promise<unknown>): Promise<Status> {
  let result: unknown;
  try {
    result = await call;
  } catch (error) {
    if (isStatusError(error)) return error.status;
    throw error;
  }
  throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
}

/** One case for each row of a table. */
export function table<Row extends { readonly name: string }>(
  rows: readonly Row[],
  run: (context: CaseContext, row: Row) => Promise<void>,
): Cases {
  return Object.fromEntries(rows.map((row) => [row.name, (context: CaseContext) => run(context, row)]));
}

export function nameOf(object: KubernetesObject): string {
  return object.metadata?.name ?? '';
}

export function namesOf(list: { readonly items: readonly KubernetesObject[] }): string[] {
  return list.items.map(nameOf);
}

export function versionOf(object: { readonly metadata?: { readonly resourceVersion?: string } }): string {
  return object.metadata?.resourceVersion ?? '';
}
