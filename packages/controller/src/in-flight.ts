import type { ReconcileRequest } from './object-ref.js';

/** One reconcile that runs. */
interface Run {
  readonly request: ReconcileRequest;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

type Matching = (request: ReconcileRequest) => boolean;

/** The reconciles that run. */
export class InFlight {
  readonly #runs = new Set<Run>();

  get size(): number {
    return this.#runs.size;
  }

  /** @returns to be called when it has ended. */
  begin(request: ReconcileRequest, controller: AbortController): () => void {
    let settle = (): void => {};
    const ended = new Promise<void>((resolve) => (settle = resolve));
    const run: Run = { request, controller, ended };
    this.#runs.add(run);
    return () => {
      this.#runs.delete(run);
      settle();
    };
  }

  abort(reason: unknown, matching: Matching = () => true): void {
    for (const { request, controller } of this.#runs) if (matching(request)) controller.abort(reason);
  }

  /** Resolves when those that match, and run now, have ended. */
  async ended(matching: Matching): Promise<void> {
    const matched = [...this.#runs].filter(({ request }) => matching(request));
    await Promise.all(matched.map(({ ended: each }) => each));
  }
}
