import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Facts, FactsError } from './facts.js';
import { generate } from './generate.js';
import { findKubernetesModule, readKubernetesModule } from './kubernetes-module.js';
import { formatJson } from './line-format.js';

/** The release that is generated from; its module is required in `tools/kubernetes/v<minor>/go.mod`. */
const Minor = '1.37';

const packages = path.resolve(import.meta.dirname, '../..');
const factsFile = path.join(packages, 'codegen', 'schema', `${Minor}.json`);

try {
  const facts = readKubernetesModule(findKubernetesModule(path.resolve(packages, `../tools/kubernetes/v${Minor}`)));
  mkdirSync(path.dirname(factsFile), { recursive: true });
  writeFileSync(factsFile, `${formatJson(facts)}\n`);
  console.log(`facts: ${facts.source}`);
} catch (error) {
  if (!(error instanceof FactsError)) throw error;
  console.log(`facts: as committed, because ${error.message}`);
}

const files = generate(JSON.parse(readFileSync(factsFile, 'utf8')) as Facts);
for (const directory of new Set([...files.keys()].map((file) => file.slice(0, file.indexOf('/gen/'))))) {
  rmSync(path.join(packages, directory, 'gen'), { recursive: true, force: true });
}
for (const [file, source] of files) {
  const target = path.join(packages, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, source);
}
console.log(`code: ${files.size} files`);
