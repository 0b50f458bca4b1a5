import type { ApiResource, ApiResources } from '@client-ts/discovery';
import type { RESTMapper } from './rest-mapper.js';

/** `apps/v1 deployments Deployment`, or `v1 pods Pod`: one resource, with a singular that is its kind in lower case. */
export function apiResource(text: string, more: Partial<ApiResource> = {}): ApiResource {
  const [apiVersion = '', resource = '', kind = ''] = text.split(' ');
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  const singular = kind.toLowerCase();
  const lists = { verbs: ['get'], shortNames: [], categories: [], subresources: [] };
  return { group, version, resource, singular, kind, scope: 'Namespaced', ...lists, ...more };
}

/** Groups and versions in the order of their first resources; the first version of each is recommended. */
export function apiResources(...resources: readonly ApiResource[]): ApiResources {
  const names = [...new Set(resources.map(({ group }) => group))];
  const groups = names.map((name) => {
    const versions = [...new Set(resources.filter(({ group }) => group === name).map(({ version }) => version))];
    return { name, versions, preferredVersion: versions[0] ?? '' };
  });
  return { groups, resources };
}

/** What a promise settles with, errors as their messages. */
export async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return short(await promise);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Kinds and resources as text. */
function short(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(short);
  if (typeof answer !== 'object' || answer === null) return answer;
  const { group, version, resource, kind } = answer as Record<string, string>;
  return [[group, version].filter(Boolean).join('/'), resource, kind].filter(Boolean).join(' ');
}

/** A mapper that rejects every question. */
export function failing(error: Error): RESTMapper {
  const fail = async (): Promise<never> => {
    throw error;
  };
  return {
    kindFor: fail,
    kindsFor: fail,
    resourceFor: fail,
    resourcesFor: fail,
    restMapping: fail,
    restMappings: fail,
    resourceSingularizer: fail,
  };
}
