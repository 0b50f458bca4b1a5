import { readFileSync } from 'node:fs';
import { customResourceDefinitions } from '@client-ts/api/apiextensions/v1';
import { loadConfig } from '@client-ts/clientcmd';
import { type Config, restClientFor } from '@client-ts/rest';
import { parseAllYaml } from '@client-ts/serializer/yaml';
import type { CustomVersion } from './custom-modules.js';
import { readDefinition } from './custom-resources.js';
import { readOpenApiIndex } from './openapi-index.js';
import { readOpenApiResources } from './openapi-resources.js';
import { UsageError } from './usage-error.js';
import { isWanted } from './wanted-groups.js';

/** Where kinds are read from; all that are given are read. */
export interface Sources {
  /** Files with CustomResourceDefinitions, or `-`. */
  readonly crd: readonly string[];
  /** Files, `-`, URLs, or with a kubeconfig paths on its server. */
  readonly openapi: readonly string[];
  /** A kubeconfig file. Without `openapi`, the definitions of its cluster are read. */
  readonly kubeconfig?: string | undefined;
  /** A context of the kubeconfig. Default: its current one. */
  readonly context?: string | undefined;
  /** Groups, or group versions, that count; empty for all. */
  readonly group: readonly string[];
}

/** The descriptor of standard input. */
const StandardInput = 0;

/** Documents of large groups take a server some seconds when it has just started. */
const timeoutMs = 60_000;

/** @throws UsageError that names the source which cannot be read; FactsError and SourceTextError as the generator does. */
export async function readSources({ crd, openapi, kubeconfig, context, group }: Sources): Promise<CustomVersion[]> {
  const versions = crd.flatMap((file) => definitionsIn(file).flatMap(readDefinition));
  const cluster = kubeconfig === undefined ? undefined : await clusterOf(kubeconfig, context);
  for (const place of openapi) versions.push(...(await openApiResources(place, cluster, group)));
  if (cluster && openapi.length === 0) versions.push(...(await definitionsOf(cluster)).flatMap(readDefinition));
  return group.length === 0 ? versions : versions.filter((found) => isWanted(group, found.group, found.version));
}

/** The definitions in a file; other objects in it, as manifests of operators have them, are passed over. */
function definitionsIn(file: string): unknown[] {
  const definitions = parse(file, parseAllYaml)
    .flatMap(itemsOf)
    .filter((object) => kindOf(object) === Definition);
  if (definitions.length === 0) throw new UsageError(`${file}: there is no ${Definition} in it`);
  return definitions;
}

const Definition = 'CustomResourceDefinition';

/** What is in a list; elements of a list of definitions do not say what they are. */
function itemsOf(object: unknown): unknown[] {
  const { items } = (object ?? {}) as { items?: unknown };
  const kind = kindOf(object);
  if (!kind.endsWith('List') || !Array.isArray(items)) return [object];
  return kind === `${Definition}List` ? items.map(asDefinition) : items;
}

function asDefinition(item: unknown): unknown {
  return { apiVersion: 'apiextensions.k8s.io/v1', kind: Definition, ...(item as object) };
}

function kindOf(object: unknown): string {
  const { kind } = (object ?? {}) as { kind?: unknown };
  return typeof kind === 'string' ? kind : '';
}

function parse<T>(file: string, parser: (text: string) => T): T {
  try {
    return parser(readFileSync(file === '-' ? StandardInput : file, 'utf8'));
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

async function clusterOf(kubeconfig: string, context: string | undefined): Promise<Config> {
  try {
    return { ...(await loadConfig({ kubeconfig, context })), timeoutMs };
  } catch (cause) {
    throw unreadable(kubeconfig, cause);
  }
}

async function definitionsOf(cluster: Config): Promise<unknown[]> {
  try {
    const { items } = await restClientFor(cluster).resource(customResourceDefinitions).list();
    return items;
  } catch (cause) {
    throw unreadable(`the definitions of ${cluster.host}`, cause);
  }
}

/** The resources of a document, or of all that an index lists. */
async function openApiResources(
  place: string,
  cluster: Config | undefined,
  group: readonly string[],
): Promise<CustomVersion[]> {
  if (!cluster && !isUrl(place)) return readOpenApiResources(parse(place, parseDocument));
  const { config, target } = cluster ? { config: cluster, target: place } : serverOf(place);
  if (!target.startsWith('/')) throw new UsageError(`${target}: expected a path on the server, such as /openapi/v3`);
  const get = async (path: string): Promise<unknown> => {
    try {
      return await restClientFor(config).json({ method: 'GET', target: path });
    } catch (cause) {
      throw unreadable(config.host + path, cause);
    }
  };
  const document = await get(target);
  const index = await readOpenApiIndex(document, group);
  if (!index) return readOpenApiResources(document);
  const versions: CustomVersion[] = [];
  for (const path of index) versions.push(...readOpenApiResources(await get(path)));
  return versions;
}

function isUrl(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/** The server in a URL is what stands before `/openapi/v3`: it may be behind a path. */
function serverOf(place: string): { config: Config; target: string } {
  if (!URL.canParse(place)) throw new UsageError(`--openapi: expected a URL`);
  const { origin, pathname, search, username, password } = new URL(place);
  if (username || password) throw new UsageError('--openapi: expected a URL without credentials; use --kubeconfig');
  const base = Math.max(0, pathname.indexOf('/openapi/v3'));
  return { config: { host: origin + pathname.slice(0, base), timeoutMs }, target: pathname.slice(base) + search };
}

/** JSON is YAML, but documents are large, and JSON is parsed a hundred times as fast. */
function parseDocument(text: string): unknown {
  return text.trimStart().startsWith('{') ? JSON.parse(text) : parseAllYaml(text)[0];
}

function unreadable(place: string, cause: unknown): UsageError {
  return new UsageError(`${place}: ${(cause as Error).message}`, { cause });
}
