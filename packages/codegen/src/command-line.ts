import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseAllYaml, YamlError } from '@client-ts/serializer/yaml';
import { generateCustomResources } from './custom-resources.js';
import { FactsError } from './facts.js';
import { SourceTextError } from './source-text.js';

export const Usage = `usage: client-ts-codegen --crd FILE [--crd FILE ...] [--out DIRECTORY]

Makes types, apply configurations and descriptors from CustomResourceDefinitions.

  --crd FILE        YAML or JSON with any number of definitions, or lists of them; - is standard input
  --out DIRECTORY   where DIRECTORY/<group>/<version>.ts is written; a single module goes to standard output without it
`;

/** The descriptor of standard input. */
const StandardInput = 0;

/** Something is wrong with the arguments or the files; the message is for the user. */
class UsageError extends Error {}

/** Where the command writes to; the files it reads are those of the machine. */
export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Runs the command. @returns the exit code: 0, or 1 with a message on the error output. */
export function runCommand(args: readonly string[], { out, error }: Output): 0 | 1 {
  try {
    const { crd = [], out: directory, help } = options(args);
    if (help) {
      out(Usage);
      return 0;
    }
    if (crd.length === 0) throw new UsageError(`expected --crd FILE\n\n${Usage}`);
    const modules = generateCustomResources(crd.flatMap(readDefinitions));
    if (directory !== undefined) {
      for (const [file, source] of modules) writeModule(path.join(directory, file), source, out);
      return 0;
    }
    const [first, ...others] = modules.values();
    if (first === undefined) throw new UsageError('there is no definition with a served version');
    if (others.length > 0)
      throw new UsageError(`${modules.size} modules need --out DIRECTORY: ${[...modules.keys()].join(', ')}`);
    out(first);
    return 0;
  } catch (problem) {
    if (!isExpected(problem)) throw problem;
    error(`${problem.message}\n`);
    return 1;
  }
}

function options(args: readonly string[]): { crd?: string[]; out?: string; help?: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        crd: { type: 'string', multiple: true },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message}\n\n${Usage}`, { cause });
  }
}

/** The definitions in a file; other objects in it, as manifests of operators have them, are passed over. */
function readDefinitions(file: string): unknown[] {
  let documents: unknown[];
  try {
    documents = parseAllYaml(readFileSync(file === '-' ? StandardInput : file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file}: ${(cause as Error).message}`, { cause });
  }
  const definitions = documents.flatMap(itemsOf).filter((object) => kindOf(object) === 'CustomResourceDefinition');
  if (definitions.length === 0) throw new UsageError(`${file}: there is no CustomResourceDefinition in it`);
  return definitions;
}

function itemsOf(object: unknown): unknown[] {
  const { items } = (object ?? {}) as { items?: unknown };
  return kindOf(object).endsWith('List') && Array.isArray(items) ? items : [object];
}

function kindOf(object: unknown): string {
  const { kind } = (object ?? {}) as { kind?: unknown };
  return typeof kind === 'string' ? kind : '';
}

function writeModule(file: string, source: string, out: (text: string) => void): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, source);
  out(`${file}\n`);
}

function isExpected(problem: unknown): problem is Error {
  return [UsageError, FactsError, SourceTextError, YamlError].some((type) => problem instanceof type);
}
