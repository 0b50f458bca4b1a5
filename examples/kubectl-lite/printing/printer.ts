import { readFileSync } from 'node:fs';
import { formatGroupResource, type KubernetesObject, parseGroupVersion } from '@client-ts/apimachinery';
import { parseJsonPath } from '@client-ts/jsonpath';
import { CustomColumns } from './custom-columns.js';
import { goJson } from './go-json.js';
import { goYaml } from './go-yaml.js';
import { TabWriter } from './tab-writer.js';

/** What `-o` may be, beside the tables of `get`. */
const Formats = [
  'custom-columns',
  'custom-columns-file',
  'json',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'name',
  'yaml',
];

export interface PrinterOptions {
  /** `json`, `jsonpath=TEMPLATE`, … */
  readonly output: string;
  /** The part behind `=`, when it is told apart. */
  readonly template?: string | undefined;
  readonly showManagedFields?: boolean | undefined;
  readonly allowMissingKeys?: boolean | undefined;
  readonly noHeaders?: boolean | undefined;
  /** What has happened to the object, behind its name. */
  readonly operation?: string | undefined;
}

/** Where it is printed: a session. */
export interface Output {
  readonly io: { readonly stdout: (text: string) => void };
  readonly writeAsIs: (text: string) => void;
}

/** Prints an object, or the `items` of a list of kind `List`. */
export type Printer = (object: object) => void;

/** @throws Error when there is no such format, or its template is wrong. */
export function newPrinter({ io, writeAsIs }: Output, options: PrinterOptions): Printer {
  const { output } = options;
  const write = io.stdout;
  const [, format = '', inline] = /^([^=]*)(?:=(.*))?$/s.exec(output)!;
  const template = options.template || inline || '';
  switch (format) {
    case 'json':
      return (object) => write(`${goJson(shown(object, options))}\n`);
    case 'yaml': {
      let count = 0;
      return (object) => write(`${count++ === 0 ? '' : '---\n'}${goYaml(shown(object, options))}`);
    }
    case '':
    case 'name': {
      const suffix = format === 'name' || !options.operation ? '' : ` ${options.operation}`;
      return (object) => itemsOf(object).forEach((item) => write(`${nameOf(item)}${suffix}\n`));
    }
    case 'jsonpath':
    case 'jsonpath-as-json':
    case 'jsonpath-file':
      return jsonPathPrinter(format, template, options, writeAsIs);
    case 'custom-columns':
    case 'custom-columns-file': {
      const columns = new CustomColumns(
        format.endsWith('-file') ? columnsOf(template) : template,
        options.noHeaders ?? false,
      );
      const writer = new TabWriter(write);
      return (object) => {
        columns.print(itemsOf(object), writer);
        writer.flush();
      };
    }
    default:
      throw new Error(
        `unable to match a printer suitable for the output format "${output}", allowed formats are: ${Formats.join(',')}`,
      );
  }
}

function jsonPathPrinter(
  format: string,
  given: string,
  { allowMissingKeys = true }: PrinterOptions,
  write: Output['writeAsIs'],
): Printer {
  if (given === '') throw new Error('template format specified but no template given');
  const template = format === 'jsonpath-file' ? readFileSync(given, 'utf8') : given;
  try {
    const path = parseJsonPath(template);
    const print = format === 'jsonpath-as-json' ? 'printJson' : 'print';
    return (object) => write(path[print](object, { allowMissingKeys }));
  } catch (error) {
    throw new Error(`error parsing jsonpath ${template}, ${(error as { reason?: string }).reason}`, { cause: error });
  }
}

/** Of a file with headers in one line, and paths below. */
function columnsOf(file: string): string {
  const [headers = [], paths = []] = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.match(/\S+/g) ?? []);
  if (headers.length !== paths.length) {
    throw new Error(`number of headers (${headers.length}) and field specifications (${paths.length}) don't match`);
  }
  return headers.map((header, i) => `${header}:${paths[i]}`).join(',');
}

/** `deployment.apps/web` */
function nameOf({ apiVersion = '', kind = '', metadata }: KubernetesObject): string {
  return `${kindName(parseGroupVersion(apiVersion).group, kind)}/${metadata?.name || '<unknown>'}`;
}

/** `deployment.apps` */
export function kindName(group: string, kind: string): string {
  return formatGroupResource({ group, resource: kind.toLowerCase() });
}

function itemsOf(object: object): KubernetesObject[] {
  const { kind, items } = object as { kind?: string; items?: KubernetesObject[] };
  return kind === 'List' && items ? items : [object];
}

function shown(object: object, { showManagedFields }: PrinterOptions): object {
  if (showManagedFields) return object;
  const { kind, items } = object as { kind?: string; items?: object[] };
  if (kind === 'List' && items) return { ...object, items: items.map(withoutManagedFields) };
  return withoutManagedFields(object);
}

function withoutManagedFields(object: object): object {
  const { metadata } = object as KubernetesObject;
  return metadata?.managedFields ? { ...object, metadata: { ...metadata, managedFields: undefined } } : object;
}
