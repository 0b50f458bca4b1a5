/** One HTTP request, whoever carried it: the in-process transport or a listener. */
export interface ApiRequest {
  /** Upper case. */
  readonly method: string;
  /** Only path and query count. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Uint8Array | undefined;
  /** Ends a response that stays open, such as a watch. */
  readonly signal?: AbortSignal | undefined;
}

export interface ApiResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Can be iterated once; leaving the iteration releases what the response holds. Chunks belong to the reader. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Answers requests that are not about stored objects, such as discovery documents. `undefined`: not mine, ask the next.
 *
 * Failures are thrown as `StatusError`.
 */
export type Endpoint = (request: ApiRequest) => ApiResponse | undefined;

/** A header's value, repeated ones joined as HTTP says; empty when absent. */
export function headerOf(request: ApiRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : (value?.join(', ') ?? '');
}
