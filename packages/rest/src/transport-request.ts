export interface TransportRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: URL;
  /**
   * Names in lower case; a list is sent as repeated headers. Values are text, in UTF-8 on the wire; a control character
   * rejects with a `TypeError` that names the header.
   */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | undefined;
  /** Closes the connection, at any time until the body has been read to its end. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The body is expected to stay open (a watch, a followed log): it must not take a place in the pool of short
   * requests, and silence is no failure.
   */
  readonly longRunning?: boolean | undefined;
}

export interface TransportResponse {
  readonly status: number;
  /**
   * Names in lower case; repeated ones as a list, or joined by commas. Values are read as UTF-8.
   *
   * A transport that decodes bodies (gzip) leaves out `content-encoding` and `content-length` of what it decoded.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /**
   * The body as it arrives; chunks end anywhere. Can be iterated once. Leaving the iteration early closes the connection, and
   * so does `return()` while a `next()` is pending, which then settles somehow.
   *
   * A chunk belongs to the reader: the transport does not touch its bytes again.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /**
   * Lets go of the connection when the body is of no interest: gives it back after a small body, closes it otherwise.
   * Does nothing once the body is being read, and never rejects.
   */
  discard(): Promise<void>;
}
