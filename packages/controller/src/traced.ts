import { reasonOf } from '@client-ts/apimachinery';
import type { ReconcileRequest } from './object-ref.js';
import type { Reason } from './reason.js';
import type { SpanContext, TraceApi, Tracer } from './tracing.js';

/** OpenTelemetry's code for an error. */
const StatusError = 2;

/** Runs reconciles in spans of their own, linked with those in which the writes were made that they are about. */
export class Traced {
  readonly #tracer: Tracer;
  readonly #controller: string;

  constructor(tracing: TraceApi, controller: string) {
    this.#tracer = tracing.getTracer('@client-ts/controller');
    this.#controller = controller;
  }

  reconcile<R>(request: ReconcileRequest, reasons: readonly Reason[], work: () => R | Promise<R>): Promise<R> {
    const { key, namespace } = request;
    const links = reasons.filter((reason) => typeof reason !== 'string').map((context) => ({ context }));
    const attributes = {
      'client_ts.controller': this.#controller,
      'client_ts.key': key,
      'client_ts.reasons': wordsOf(reasons),
      ...(namespace ? { 'k8s.namespace.name': namespace } : {}),
    };
    const options = { root: true, attributes, links };
    return this.#tracer.startActiveSpan(`reconcile ${this.#controller}`, options, async (span) => {
      try {
        return await work();
      } catch (error) {
        const message = reasonOf(error);
        span.recordException(error instanceof Error ? error : new Error(message));
        span.setStatus({ code: StatusError, message });
        throw error;
      } finally {
        span.end();
      }
    });
  }
}

/** Those that are for people. */
export function wordsOf(reasons: readonly (string | SpanContext)[]): string[] {
  return reasons.filter((reason) => typeof reason === 'string');
}
