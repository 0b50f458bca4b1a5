import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type KubernetesObject, parseGroupVersion } from '@client-ts/apimachinery';
import { isNoKindMatch } from '@client-ts/restmapper';
import { parseAllYaml } from '@client-ts/serializer/yaml';
import type { Session } from './session.js';
import type { Target } from './targets.js';

const Extensions = ['.json', '.yaml', '.yml'];

/** The objects of files, directories and standard input (`-`), those in lists one by one, and where each of them is. */
export async function readManifests(session: Session, filenames: readonly string[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const name of filenames) {
    for (const file of name === '-' ? ['-'] : await filesAt(name)) {
      const text = file === '-' ? await session.io.stdin() : await readFile(file, 'utf8');
      const source = file === '-' ? 'STDIN' : file;
      for (const object of objectsIn(text, source)) targets.push(await targetOf(session, object, source));
    }
  }
  return targets;
}

async function filesAt(name: string): Promise<string[]> {
  const stats = await stat(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!stats) throw new Error(`the path ${JSON.stringify(name)} does not exist`);
  if (!stats.isDirectory()) return [name];
  const entries = await readdir(name, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && Extensions.includes(path.extname(entry.name)));
  const paths = files.map((entry) => path.join(name, entry.name)).toSorted();
  if (paths.length === 0)
    throw new Error(`error reading [${name}]: recognized file extensions are [${Extensions.join(' ')}]`);
  return paths;
}

function objectsIn(text: string, source: string): KubernetesObject[] {
  return (parseAllYaml(text) as KubernetesObject[]).flatMap((object) => {
    const missing = (['apiVersion', 'kind'] as const)
      .filter((field) => !object[field])
      .map((field) => `${field} not set`);
    if (missing.length > 0) {
      const problems = missing.length > 1 ? `[${missing.join(', ')}]` : missing[0];
      throw new Error(
        `error validating ${JSON.stringify(source)}: error validating data: ${problems}; if you choose to ignore these errors, turn validation off with --validate=false`,
      );
    }
    const { items } = object as { items?: KubernetesObject[] };
    return object.kind!.endsWith('List') && items ? items : [object];
  });
}

async function targetOf(session: Session, object: KubernetesObject, source: string): Promise<Target> {
  const { apiVersion = '', kind = '', metadata = {} } = object;
  const { name = '', namespace: own = '' } = metadata;
  const mapping = await session.mapper
    .restMapping({ ...parseGroupVersion(apiVersion), kind })
    .catch((error: unknown) => {
      if (!isNoKindMatch(error)) throw error;
      throw new Error(
        `resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(own)} from ${JSON.stringify(source)}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}\nensure CRDs are installed first`,
        { cause: error },
      );
    });
  const namespace = session.namespaceOf(mapping, own || session.namespace);
  if (session.enforceNamespace && namespace !== undefined && namespace !== session.namespace) {
    throw new Error(
      `the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(session.namespace)}. You must pass '--namespace=${own}' to perform this operation.`,
    );
  }
  return {
    mapping,
    namespace,
    name,
    object: namespace === undefined ? object : { ...object, metadata: { ...metadata, namespace } },
  };
}
