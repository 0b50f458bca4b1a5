import { openCluster } from './cluster.js';
import { parseCommandLine } from './cli.js';
import { runWebsiteController } from './controller.js';
import { runHandWritten } from './hand-written.js';
import { describeError } from './describe-error.js';
import { Narrator } from './narrator.js';
import { tellStory } from './story.js';

/** The story takes a second or two in memory, and many times that on a busy machine; whoever needs longer has lost something. */
const StoryLimitMs = 60_000;

const narrator = new Narrator();

async function main(interrupted: AbortSignal): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2));
  using limit = newLimit(StoryLimitMs);
  const signal = AbortSignal.any([interrupted, limit.signal]);
  await using cluster = await openCluster(options, narrator, signal);

  const stop = new AbortController();
  let controller = Promise.resolve();
  try {
    await new Promise<void>((ready, failed) => {
      const run = options.handWritten ? runHandWritten : runWebsiteController;
      controller = run(cluster.controllerConfig, {
        signal: stop.signal,
        log: (message) => narrator.controller(message),
        onReady: ready,
      });
      controller.catch(failed);
      signal.addEventListener('abort', () => failed(signal.reason as Error), { once: true });
    });
    narrator.controller('caches are full, work begins');
    await Promise.race([tellStory({ ...cluster, narrator, signal }), controller]);
    narrator.act('The end state is right.');
    limit[Symbol.dispose]();
    if (options.serve) await serve(cluster.kubeconfig ?? '', interrupted);
  } finally {
    stop.abort();
    await controller;
  }
}

/** Aborts its signal when `limitMs` have passed; disposing it calls that off, and lets the process end. */
function newLimit(limitMs: number): Disposable & { readonly signal: AbortSignal } {
  const tooLate = new AbortController();
  const error = new Error(`the story did not end within ${limitMs / 1000} s`);
  const timer = setTimeout(() => tooLate.abort(error), limitMs);
  return { signal: tooLate.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

/** Leaves the stage to whoever has a kubectl, until interrupted. */
async function serve(kubeconfig: string, interrupted: AbortSignal): Promise<void> {
  narrator.act('The server and the controller stay up; Ctrl-C ends them.');
  narrator.note(`export KUBECONFIG=${kubeconfig}`);
  narrator.note('kubectl get websites --all-namespaces --watch');
  await new Promise<void>((resolve) => {
    // The listener alone keeps the process alive; an aborted signal that nobody holds would not.
    if (interrupted.aborted) resolve();
    else interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => interrupted.abort(new Error(`stopped by ${name}`)));
}
try {
  await main(interrupted.signal);
} catch (error) {
  narrator.failure(describeError(error));
  process.exitCode = 1;
}
