// What must not stand in the project: addresses of package registries, and file names that say nothing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const registries = /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\b|\bresolved "?https?:|\btarball: https?:/;
const emptyNames = /(?:^|\/)(?:utils?|helpers?|common|misc|shared|lib)\.[cm]?[jt]sx?$/;

/** @returns a line for each finding among the files that git tracks. */
export function checkWords(root) {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const problems = files.filter((file) => emptyNames.test(file)).map((file) => `${file}: the name says nothing`);
  for (const file of files.filter((name) => /(?:\.(?:json|ya?ml|md|[cm]?[jt]s)|\.npmrc)$/.test(name))) {
    if (file === path.relative(root, import.meta.filename)) continue;
    const text = readText(path.join(root, file));
    if (registries.test(text)) problems.push(`${file}: names a package registry`);
  }
  if (files.length === 0) problems.push('git tracks no files here');
  return problems;
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return ''; // deleted, and not yet committed
    throw error;
  }
}
