import type { Kubeconfig } from './kubeconfig.js';
import { KubeconfigError } from './kubeconfig-error.js';
import { kubeconfigFrom, placeIn } from './kubeconfig-from.js';
import { parseJson } from './parse-json.js';

/**
 * Reads the text of one kubeconfig file, as kubectl does. Empty text is an empty kubeconfig, fields that nobody knows are
 * passed over, and so is an entry's name that is missing: it is the empty one.
 *
 * The parser of YAML is loaded with the first text that needs it: programs that run in a cluster never do, nor does JSON.
 *
 * Rejects with a {@link KubeconfigError} that names the file, and the place in it.
 *
 * @param file - where the text comes from, for messages and relative paths.
 */
export async function parseKubeconfig(text: string, file?: string): Promise<Kubeconfig> {
  return kubeconfigFrom(parseJson(text) ?? (await parseYaml(text, placeIn(file))), file);
}

/** kubectl takes no notice of further documents: whoever put two files into one would look for the other in vain. */
async function parseYaml(text: string, where: string): Promise<unknown> {
  if (text.trim() === '') return {};
  const { parseAllYaml } = await import('@client-ts/serializer/yaml');
  try {
    const [first, second] = parseAllYaml(text);
    if (second === undefined) return first ?? {};
  } catch (cause) {
    throw new KubeconfigError(`${where}: ${(cause as Error).message}`, { cause });
  }
  throw new KubeconfigError(`${where}: expected one document, got several: they are separated by "---"`);
}
