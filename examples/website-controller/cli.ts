import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Keep the in-memory server up after the story. */
  readonly serve: boolean;
  /** Run against the cluster of this kubeconfig file instead of the in-memory server. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Run the controller that does without `@client-ts/controller`. */
  readonly handWritten: boolean;
}

const usage = `Usage: npm run demo -- [--serve] [--hand-written] [--kubeconfig FILE [--context NAME]]

  (nothing)          run the website controller against an API server in memory
  --hand-written     run the controller that does without @client-ts/controller
  --serve            keep that server up afterwards, for kubectl
  --kubeconfig FILE  run against a real cluster, and clean up
  --context NAME     which context of the kubeconfig`;

/** @throws Error that says which argument is wrong. */
export function parseCommandLine(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      serve: { type: 'boolean' },
      'hand-written': { type: 'boolean' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
    },
  });
  const { serve = false, 'hand-written': handWritten = false, kubeconfig, context } = values;
  if (context !== undefined && kubeconfig === undefined) throw new Error(`--context needs --kubeconfig\n\n${usage}`);
  if (serve && kubeconfig !== undefined) throw new Error(`--serve and --kubeconfig exclude each other\n\n${usage}`);
  return {
    serve,
    handWritten,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  };
}
