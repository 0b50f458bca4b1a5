import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { customModules } from './custom-modules.js';
import { FactsError } from './facts.js';
import { readSources } from './read-sources.js';
import { SourceTextError } from './source-text.js';
import { UsageError } from './usage-error.js';

export const Usage = `usage: client-ts-codegen (--crd FILE | --openapi URL|FILE | --kubeconfig FILE) ... [--out DIRECTORY]

Makes types, apply configurations and descriptors of custom resources and of the resources of aggregated APIs.

  --crd FILE          YAML or JSON with any number of CustomResourceDefinitions, or lists of them; - is standard input
  --openapi URL|FILE  an OpenAPI v3 document of one group version (/openapi/v3/apis/GROUP/VERSION), or the URL of their
                      index (/openapi/v3), of which all groups are taken that are not built into Kubernetes
  --kubeconfig FILE   read the CustomResourceDefinitions of a cluster; with --openapi, what names a path on its server
  --context NAME      a context of the kubeconfig; its current one without this
  --group GROUP       only this group, or group version (apps/v1, v1); may be given again
  --out DIRECTORY     where DIRECTORY/<group>/<version>.ts is written; a single module goes to standard output without it
`;

/** Where the command writes to; the files it reads are those of the machine. */
export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Runs the command. @returns the exit code: 0, or 1 with a message on the error output. */
export async function runCommand(args: readonly string[], { out, error }: Output): Promise<0 | 1> {
  try {
    const { out: directory, help, crd = [], openapi = [], group = [], kubeconfig, context } = options(args);
    if (help) {
      out(Usage);
      return 0;
    }
    if (crd.length + openapi.length === 0 && kubeconfig === undefined) {
      throw new UsageError(`expected --crd, --openapi or --kubeconfig\n\n${Usage}`);
    }
    if (context !== undefined && kubeconfig === undefined) throw new UsageError('--context needs --kubeconfig');
    const modules = customModules(await readSources({ crd, openapi, kubeconfig, context, group }));
    if (modules.size === 0) throw new UsageError('there is no resource with a served version');
    if (directory !== undefined) {
      for (const [file, source] of modules) writeModule(path.join(directory, file), source, out);
      return 0;
    }
    const [only = '', ...others] = modules.values();
    if (others.length > 0)
      throw new UsageError(`${modules.size} modules need --out DIRECTORY: ${[...modules.keys()].join(', ')}`);
    out(only);
    return 0;
  } catch (problem) {
    if (!isExpected(problem)) throw problem;
    error(`${problem.message}\n`);
    return 1;
  }
}

interface Options {
  readonly crd?: string[];
  readonly openapi?: string[];
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly group?: string[];
  readonly out?: string;
  readonly help?: boolean;
}

function options(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        crd: { type: 'string', multiple: true },
        openapi: { type: 'string', multiple: true },
        kubeconfig: { type: 'string' },
        context: { type: 'string' },
        group: { type: 'string', multiple: true },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message}\n\n${Usage}`, { cause });
  }
}

function writeModule(file: string, source: string, out: (text: string) => void): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, source);
  out(`${file}\n`);
}

function isExpected(problem: unknown): problem is Error {
  return [UsageError, FactsError, SourceTextError].some((type) => problem instanceof type);
}
