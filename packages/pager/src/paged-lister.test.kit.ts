import type { KubernetesList, Lister, ListOptions } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';

/** Lists numbers from 1 to `count` in pages, as a server does, and keeps what it was asked. */
export class PagedLister implements Lister<number> {
  readonly requests: ListOptions[] = [];
  readonly #count: number;
  #generation = 1;

  constructor(count: number) {
    this.#count = count;
  }

  /** Makes it forget the state that the tokens given so far go on from. */
  expire(): void {
    this.#generation++;
  }

  /** The fields of each request that was sent, in order. */
  asked<K extends keyof ListOptions>(...fields: readonly K[]): ListOptions[K][][] {
    return this.requests.map((request) => fields.map((field) => request[field]));
  }

  async list(options: ListOptions = {}): Promise<KubernetesList<number>> {
    this.requests.push(options);
    const { limit, continue: token } = options;
    const [generation, start] = token ? token.split('/').map(Number) : [this.#generation, 0];
    if (generation !== this.#generation) throw newResourceExpired('The provided continue parameter is too old');
    const from = start ?? 0;
    const end = limit ? Math.min(from + limit, this.#count) : this.#count;
    const rest = this.#count - end;
    return {
      kind: 'NumberList',
      metadata: {
        resourceVersion: `${this.#generation}${from}`,
        ...(rest > 0 ? { continue: `${generation}/${end}`, remainingItemCount: rest } : {}),
      },
      items: numbers(from + 1, end),
    };
  }
}

/** From `first` to `last`, both included. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
