import {
  explain as explainSchema,
  type ExplainedField,
  type ExplainOptions,
  isOpenApiError,
  OpenApiClient,
  type Schema,
} from '@client-ts/openapi';
import { command, Program } from '../command.js';
import { wordWrap } from '../printing/word-wrap.js';
import type { Session } from '../session.js';

/** Values of an enumeration that are shown of a field among others. */
const MaxChoices = 4;

export const explain = command({
  usage: 'TYPE[.FIELD…] [--recursive]',
  flags: {
    recursive: { type: 'bool', short: 'R' },
  },
  async run(session, { args, flags }) {
    const [arg, ...others] = args;
    if (arg === undefined) {
      throw new Error(
        `You must specify the type of resource to explain. Use "${Program} api-resources" for a complete list of supported resources.`,
      );
    }
    if (others.length > 0) throw new Error('We accept only this format: explain RESOURCE');
    const { schema, path, header } = await schemaOf(session, arg);
    session.io.stdout(header);
    session.io.stdout(textOf(schema, path, { recursive: flags.recursive }));
  },
});

interface Subject {
  readonly schema: Schema;
  readonly path: readonly string[];
  readonly header: string;
}

async function schemaOf(session: Session, arg: string): Promise<Subject> {
  const [type = '', ...path] = arg.split('.').filter((part) => part !== '');
  const [resource] = await session.names.resourcesFor({ resource: type });
  const target = await session.mapper.kindFor(resource!);
  const { group, version, kind } = target;
  const header = `${group && `GROUP:      ${group}\n`}KIND:       ${kind}\nVERSION:    ${version}\n\n`;
  const schema = await new OpenApiClient(session.config).schema(target, { signal: session.io.signal });
  return { schema, path, header };
}

/** @throws Error when there is no such field. */
function textOf(schema: Schema, path: readonly string[], options: ExplainOptions): string {
  const field = path.at(-1);
  try {
    const { type, enum: choices, descriptions, fields } = explainSchema(schema, path, options);
    const values = choices ? ['ENUM:', ...choices.map((choice) => `    ${shown(choice)}`)] : [''];
    const lines = [
      ...(field === undefined ? [] : [`FIELD: ${field} <${type}>`, ...values, '']),
      'DESCRIPTION:',
      ...indented(wordWrap(textsOf(descriptions), 76), 4),
      ...(fields.length > 0 ? ['FIELDS:', ...fieldLines(fields, 2, options.recursive)] : []),
    ];
    return `${lines.join('\n')}\n\n`;
  } catch (error) {
    if (!isOpenApiError(error) || error.reason !== 'notFound') throw error;
    throw new Error(`field "${field}" does not exist`, { cause: error });
  }
}

function textsOf(descriptions: readonly string[]): string {
  const known = descriptions.filter((description) => description !== '');
  return known.map((description) => `${description}\n`).join('') || '<empty>';
}

function fieldLines(fields: readonly ExplainedField[], indent: number, isRecursive = false): string[] {
  return fields.flatMap((field) => {
    const head = `${field.name}\t<${field.type}>${field.required ? ' -required-' : ''}`;
    const choices = field.enum ? `\nenum: ${someOf(field.enum)}` : '';
    const below = isRecursive
      ? fieldLines(field.fields ?? [], indent + 2, true)
      : [...indented(wordWrap(field.description || '<no description>', 78 - indent), indent + 2), ''];
    return [...indented(head + choices, indent), ...below];
  });
}

function someOf(choices: readonly unknown[]): string {
  return choices.slice(0, MaxChoices).map(shown).join(', ') + (choices.length > MaxChoices ? ', ....' : '');
}

function shown(choice: unknown): string {
  return choice === '' ? '""' : String(choice);
}

function indented(text: string, indent: number): string[] {
  return text.split('\n').map((line) => ' '.repeat(indent) + line);
}
