import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Facts, FactsError } from './facts.js';
import { generate } from './generate.js';
import { findKubernetesModule, readKubernetesModule } from './kubernetes-module.js';
import { formatJson } from './line-format.js';
import { type Manifest, modulesOf, withSubpaths } from './manifest.js';

/** The release that is generated from; its module is required in `tools/kubernetes/v<minor>/go.mod`. */
const Minor = '1.37';

const packages = path.resolve(import.meta.dirname, '../..');
const factsFile = path.join(packages, 'codegen', 'schema', `${Minor}.json`);

try {
  const facts = readKubernetesModule(findKubernetesModule(path.resolve(packages, `../tools/kubernetes/v${Minor}`)));
  write(factsFile, `${formatJson(facts)}\n`);
  console.log(`facts: ${facts.source}`);
} catch (error) {
  if (!(error instanceof FactsError)) throw error;
  console.log(`facts: as committed, because ${error.message}`);
}

const files = generate(JSON.parse(readFileSync(factsFile, 'utf8')) as Facts);
for (const [file, source] of files) write(path.join(packages, file), source);
for (const file of generatedFiles()) {
  if (!files.has(file)) rmSync(path.join(packages, file));
}
for (const name of ['api', 'clientset']) {
  const file = path.join(packages, name, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  write(file, `${JSON.stringify(withSubpaths(manifest, modulesOf(name, files.keys())), null, 2)}\n`);
}
console.log(`code: ${files.size} files`);

/** Leaves a file alone that is as it should be: whoever watches it has nothing to do. */
function write(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** What is there, from this run or an earlier one; relative to `packages/`. */
function generatedFiles(): string[] {
  return readdirSync(packages)
    .map((directory) => path.join(directory, 'src', 'gen'))
    .filter((gen) => existsSync(path.join(packages, gen)))
    .flatMap((gen) =>
      readdirSync(path.join(packages, gen), { recursive: true, encoding: 'utf8' }).map((file) => path.join(gen, file)),
    )
    .filter((file) => statSync(path.join(packages, file)).isFile())
    .map((file) => file.replaceAll(path.sep, '/'));
}
