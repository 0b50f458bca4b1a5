import type { ConfigMap } from '@client-ts/api/core/v1';
import { retryOnConflict } from '@client-ts/apimachinery';
import { isAlreadyExists, isNotFound, newConflict } from '@client-ts/apimachinery/errors';
import { type FencingToken, isFencedOff } from '@client-ts/leaderelection';
import type { ResourceInterface } from '@client-ts/rest';

/** On the ConfigMap: the token of the term that wrote it. */
export const TokenAnnotation = 'leader-election.example.com/token';

/** A later leader has written already: whoever gets this no longer leads, and nothing was written. */
export class FencedOffError extends Error {
  override readonly name = 'FencedOffError';
}

/** A ConfigMap that only leaders write, each with its token: nothing of a former one comes after something of a later one. */
export class FencedConfigMap {
  readonly #configMaps: ResourceInterface<ConfigMap, unknown>;
  readonly #name: string;

  constructor(configMaps: ResourceInterface<ConfigMap, unknown>, name: string) {
    this.#configMaps = configMaps;
    this.#name = name;
  }

  /**
   * Changes the data, in one step with the comparison of tokens: an update fails when somebody else wrote in between, and then
   * everything is read and compared again.
   *
   * @param change - makes the new data of what is there.
   * @returns what was written.
   * @throws FencedOffError when a later leader has written.
   */
  async write(
    token: FencingToken,
    change: (data: Readonly<Record<string, string>>) => Record<string, string>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<ConfigMap> {
    const annotations = { [TokenAnnotation]: JSON.stringify(token) };
    const attempt = async (): Promise<ConfigMap> => {
      const current = await this.#read(signal);
      if (!current) return this.#create({ name: this.#name, annotations }, change({}), signal);
      const stored = tokenOf(current);
      if (isFencedOff(token, stored))
        throw new FencedOffError(
          `term ${token.transitions} of ${token.holder} is over: term ${stored?.transitions} has written`,
        );
      const metadata = { ...current.metadata, annotations: { ...current.metadata?.annotations, ...annotations } };
      return this.#configMaps.update({ ...current, metadata, data: change(current.data ?? {}) }, { signal });
    };
    return retryOnConflict(attempt, { signal });
  }

  async #read(signal: AbortSignal): Promise<ConfigMap | undefined> {
    try {
      return await this.#configMaps.get(this.#name, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** What another one made meanwhile is a conflict as well. */
  async #create(
    metadata: NonNullable<ConfigMap['metadata']>,
    data: Record<string, string>,
    signal: AbortSignal,
  ): Promise<ConfigMap> {
    try {
      return await this.#configMaps.create({ metadata, data }, { signal });
    } catch (error) {
      throw isAlreadyExists(error)
        ? newConflict({ group: '', resource: 'configmaps' }, this.#name, 'it exists')
        : error;
    }
  }
}

/** Of whoever wrote it last; `undefined` when that was no leader. @throws SyntaxError when it cannot be read. */
export function tokenOf({ metadata }: ConfigMap): FencingToken | undefined {
  const text = metadata?.annotations?.[TokenAnnotation];
  if (text === undefined) return undefined;
  const { lock, transitions, holder } = JSON.parse(text) as Partial<FencingToken>;
  if (typeof lock !== 'string' || typeof transitions !== 'number' || typeof holder !== 'string')
    throw new SyntaxError(`${TokenAnnotation}: expected a fencing token, got ${JSON.stringify(text.slice(0, 100))}`);
  return { lock, transitions, holder };
}
