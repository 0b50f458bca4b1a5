// Holds the packages to layers.json: which package may import which, and what each may take from its runtime.
//
//   node tools/check/layers.mjs
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { importsOf, sourceFiles } from './imports.mjs';

const builtins = new Set(builtinModules);
const scope = '@client-ts/';

/**
 * @param root - of the workspace.
 * @returns what is wrong, one line each, and how many files were looked at.
 */
export function checkLayers(root) {
  const layers = readJson(path.join(root, 'layers.json'));
  const problems = [...checkLevels(layers)];
  const allowed = Object.assign({}, ...layers.levels);
  const folders = readdirSync(path.join(root, 'packages')).toSorted();
  for (const name of Object.keys(allowed)) {
    if (!folders.includes(name)) problems.push(`layers.json: there is no package ${name}`);
  }
  let files = 0;
  const packages = new Map();
  for (const name of folders) {
    if (allowed[name]) packages.set(name, readJson(path.join(root, 'packages', name, 'package.json')));
    else problems.push(`layers.json: package ${name} is missing`);
  }
  for (const [name, manifest] of packages) {
    const context = { root, name, manifest, packages, allowed, layers, folder: path.join(root, 'packages', name) };
    const graph = new Map();
    const used = new Set();
    for (const file of sourceFiles(path.join(context.folder, 'src'))) {
      files++;
      for (const specifier of importsOf(file)) problems.push(...checkImport(context, file, specifier, used, graph));
    }
    problems.push(...checkManifest(context, used), ...checkProject(context), ...checkCycles(context, graph));
  }
  if (files === 0) problems.push('no source file was looked at');
  return { problems, files };
}

/** A package may name only packages of lower levels: then there can be no cycle. */
function* checkLevels({ levels }) {
  const below = new Set();
  for (const [number, level] of levels.entries()) {
    for (const [name, imports] of Object.entries(level)) {
      for (const other of imports) {
        if (!below.has(other))
          yield `layers.json: ${name} (level ${number}) may not import ${other}: it is on no lower level`;
      }
    }
    for (const name of Object.keys(level)) below.add(name);
  }
}

function* checkImport(context, file, specifier, used, graph) {
  const { name, manifest, folder, root, allowed, packages, layers } = context;
  const where = path.relative(root, file);
  const isTest = /\.test(\.kit)?\.ts$/.test(file);
  if (specifier.startsWith('.')) {
    const target = path.resolve(path.dirname(file), specifier.replace(/\.js$/, '.ts'));
    if (!target.startsWith(path.join(folder, 'src') + path.sep)) yield `${where}: ${specifier} leaves the package`;
    else if (!existsSync(target)) yield `${where}: ${specifier} does not exist`;
    if (!isTest) graph.set(file, [...(graph.get(file) ?? []), target]);
    return;
  }
  const [bare] = specifier.startsWith('node:') ? [specifier] : /^(?:@[^/]+\/)?[^/]+/.exec(specifier);
  if (specifier.startsWith('node:') || builtins.has(bare)) {
    const neutral =
      !layers.node.includes(name) && !isNodeSubpath(layers, name, path.relative(path.join(folder, 'src'), file));
    if (neutral && !isTest) yield `${where}: ${specifier} is Node's own, and ${name} runs anywhere`;
    return;
  }
  used.add(bare);
  const declared =
    manifest.dependencies?.[bare] ??
    (isTest ? (manifest.devDependencies?.[bare] ?? rootDependency(root, bare)) : undefined);
  if (bare === scope + name) yield `${where}: ${specifier} is this package itself: import the file`;
  else if (!declared) yield `${where}: ${bare} is not declared in package.json`;
  if (!bare.startsWith(scope)) return;
  const other = bare.slice(scope.length);
  if (!isTest && !allowed[name].includes(other)) yield `${where}: ${name} may not import ${other}`;
  const subpath = `.${specifier.slice(bare.length)}`;
  const target = packages.get(other);
  if (target && !Object.hasOwn(target.exports, subpath)) yield `${where}: ${specifier} is no entry point of ${other}`;
}

function isNodeSubpath({ nodeSubpaths }, name, file) {
  return nodeSubpaths.some((subpath) => {
    const [owner, entry] = subpath.split('/');
    return owner === name && (file === `${entry}.ts` || file.startsWith(`${entry}/`));
  });
}

function rootDependency(root, name) {
  const { devDependencies = {} } = readJson(path.join(root, 'package.json'));
  return devDependencies[name];
}

function* checkManifest({ name, manifest, folder, allowed }, used) {
  const where = `packages/${name}/package.json`;
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!used.has(dependency)) yield `${where}: ${dependency} is declared and not used`;
    const other = dependency.startsWith(scope) ? dependency.slice(scope.length) : undefined;
    if (other !== undefined && !allowed[name].includes(other)) yield `${where}: ${name} may not depend on ${other}`;
  }
  for (const field of ['description', 'license']) if (!manifest[field]) yield `${where}: ${field} is missing`;
  if (manifest.name !== scope + name) yield `${where}: the name must be ${scope}${name}`;
  if (!existsSync(path.join(folder, 'README.md'))) yield `packages/${name}: README.md is missing`;
  const published = manifest.publishConfig?.exports ?? {};
  for (const subpath of new Set([...Object.keys(manifest.exports), ...Object.keys(published)])) {
    const source = manifest.exports[subpath];
    const expected = subpath === './package.json' ? source : distOf(source ?? '');
    if (JSON.stringify(published[subpath]) !== JSON.stringify(expected)) {
      yield `${where}: publishConfig.exports[${JSON.stringify(subpath)}] does not mirror exports`;
    }
    if (source && !existsSync(path.join(folder, source))) yield `${where}: ${source} does not exist`;
  }
}

function distOf(source) {
  const built = source.replace('./src/', './dist/').replace(/\.ts$/, '');
  return { types: `${built}.d.ts`, default: `${built}.js` };
}

function* checkProject({ name, manifest, folder }) {
  const { references = [] } = readJson(path.join(folder, 'tsconfig.json'));
  const referenced = references.map((reference) => path.basename(reference.path)).toSorted();
  const depended = Object.keys(manifest.dependencies ?? {})
    .filter((dependency) => dependency.startsWith(scope))
    .map((dependency) => dependency.slice(scope.length))
    .toSorted();
  if (referenced.join() !== depended.join()) {
    yield `packages/${name}/tsconfig.json: references are [${referenced}], dependencies are [${depended}]`;
  }
}

/** Cycles among the files of one package. */
function* checkCycles({ root }, graph) {
  const done = new Set();
  const path_ = [];
  function* walk(file) {
    const at = path_.indexOf(file);
    if (at >= 0) yield `cycle: ${[...path_.slice(at), file].map((step) => path.relative(root, step)).join(' → ')}`;
    if (at >= 0 || done.has(file)) return;
    path_.push(file);
    for (const next of graph.get(file) ?? []) yield* walk(next);
    path_.pop();
    done.add(file);
  }
  for (const file of graph.keys()) yield* walk(file);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { problems, files } = checkLayers(path.resolve(import.meta.dirname, '../..'));
  for (const problem of problems) console.error(problem);
  console.log(`${files} files, ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
