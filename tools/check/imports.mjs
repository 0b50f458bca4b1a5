// What a source file imports: every module specifier, however it is written, types included.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';

/** The TypeScript files below a folder. */
export function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?ts$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/dist/') && !file.includes('/node_modules/'))
    .toSorted();
}

/** @returns the specifiers in `import`, `export … from`, `import()`, `import type` and `import('…')` types. */
export function importsOf(file) {
  const text = readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const specifiers = new Set();
  visit(program, (node) => {
    const source =
      node.type === 'TSImportType' ? (node.source ?? node.argument?.literal ?? node.argument) : node.source;
    if (typeof source?.value === 'string' && /Import|Export/.test(node.type)) specifiers.add(source.value);
    if (node.type === 'TSExternalModuleReference') specifiers.add(node.expression.value);
  });
  return [...specifiers];
}

function visit(node, found) {
  if (Array.isArray(node)) return node.forEach((child) => visit(child, found));
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') found(node);
  for (const value of Object.values(node)) visit(value, found);
}
