/**
 * The part of OpenTelemetry's API that is used, so that it need not be installed: `trace` of `@opentelemetry/api` is one of these.
 *
 * @see https://opentelemetry.io/docs/specs/otel/trace/api/
 */
export interface TraceApi {
  getTracer(name: string): Tracer;
  getActiveSpan(): Span | undefined;
}

export interface Tracer {
  startActiveSpan<F extends (span: Span) => unknown>(name: string, options: SpanOptions, work: F): ReturnType<F>;
}

export interface SpanOptions {
  root?: boolean;
  attributes?: Record<string, string | number | string[]>;
  links?: { context: SpanContext }[];
}

export interface Span {
  spanContext(): SpanContext;
  setAttribute(key: string, value: string | number): unknown;
  recordException(error: Error): void;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

/** Names a span across processes. */
export interface SpanContext {
  traceId: string;
  spanId: string;
  traceFlags: number;
}
