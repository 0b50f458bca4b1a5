import { type CustomResourceDefinition, customResourceDefinitions } from '@client-ts/api/apiextensions/v1';
import { type BackoffOptions, retryOnError } from '@client-ts/apimachinery';
import { isAlreadyExists } from '@client-ts/apimachinery/errors';
import { type Config, restClientFor } from '@client-ts/rest';

/** Cases of one package, by what they show. */
export type Cases = Readonly<Record<string, (config: Config) => Promise<void>>>;

export const toyGroup = 'toys.example.com';

/** Toys in the plural are fleets, so that nobody gets along with guesses. They can be scaled. */
const fleetCRD: CustomResourceDefinition = {
  metadata: { name: `fleets.${toyGroup}` },
  spec: {
    group: toyGroup,
    scope: 'Namespaced',
    names: { plural: 'fleets', singular: 'toy', kind: 'Toy', shortNames: ['ty'], categories: ['playthings'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: {
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
      },
    ],
  },
};

/** Does nothing where they are already. */
export async function installFleets(config: Config): Promise<void> {
  try {
    await restClientFor(config).resource(customResourceDefinitions).create(fleetCRD);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

/** A real server takes its time until all its parts know of a change. */
const untilServerKnows: BackoffOptions = { durationMs: 50, steps: 400 };

/** What `attempt` gives once it no longer fails in a way that time heals. */
export function eventually<R>(retriable: (error: unknown) => boolean, attempt: () => Promise<R>): Promise<R> {
  return retryOnError(retriable, attempt, { backoff: untilServerKnows });
}
