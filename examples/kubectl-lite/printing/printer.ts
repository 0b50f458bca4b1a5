import { formatGroupResource, type KubernetesObject, parseGroupVersion, parseJson } from '@client-ts/apimachinery';
import { parseJsonPath } from '@client-ts/jsonpath';
import { stringifyYaml } from '@client-ts/serializer/yaml';
import { CustomColumns } from './custom-columns.js';
import { goJson } from './go-json.js';
import { TabWriter } from './tab-writer.js';

/** What `-o` may be, beside the tables of `get`. */
const Formats = ['custom-columns', 'json', 'jsonpath', 'name', 'yaml'];

export interface PrinterOptions {
  /** `json`, `jsonpath=TEMPLATE`, … */
  readonly output: string;
  readonly showManagedFields?: boolean | undefined;
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
  const { output, operation, noHeaders = false } = options;
  const write = io.stdout;
  const [, format = '', template = ''] = /^([^=]*)(?:=(.*))?$/s.exec(output)!;
  switch (format) {
    case 'json':
      return (object) => write(`${goJson(shown(object, options))}\n`);
    case 'yaml': {
      let separator = '';
      return (object) => {
        // By way of JSON, which has the keys in Go's order.
        write(separator + stringifyYaml(parseJson(goJson(shown(object, options)))));
        separator = '---\n';
      };
    }
    case '':
    case 'name': {
      const suffix = format === 'name' || !operation ? '' : ` ${operation}`;
      return (object) => itemsOf(object).forEach((item) => write(`${nameOf(item)}${suffix}\n`));
    }
    case 'jsonpath':
      return jsonPathPrinter(template, writeAsIs);
    case 'custom-columns': {
      const columns = new CustomColumns(template, noHeaders);
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

function jsonPathPrinter(template: string, write: Output['writeAsIs']): Printer {
  if (template === '') throw new Error('template format specified but no template given');
  try {
    const path = parseJsonPath(template);
    return (object) => write(path.print(object, { allowMissingKeys: true }));
  } catch (error) {
    throw new Error(`error parsing jsonpath ${template}, ${(error as { reason?: string }).reason}`, { cause: error });
  }
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
