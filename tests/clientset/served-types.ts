import type { TypeSchema, ValueSchema } from '@client-ts/api/schema/all';

/** The part of an OpenAPI v3 schema that is compared. */
export interface ServedSchema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ServedSchema>>;
  readonly items?: ServedSchema;
  readonly additionalProperties?: ServedSchema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-patch-strategy'?: string;
}

/** What a server says about a type, a line for each field; read without the generator, to be compared with what it has read. */
export function servedFields({ required = [], properties = {} }: ServedSchema): string[] {
  const lines = Object.entries(properties).map(([name, field]) =>
    line(
      name,
      required.includes(name),
      field.default,
      field.enum ?? field.items?.enum ?? field.additionalProperties?.enum,
      [
        field['x-kubernetes-list-type'],
        field['x-kubernetes-list-map-keys']?.join(),
        field['x-kubernetes-patch-strategy'],
      ],
    ),
  );
  return lines.toSorted();
}

/** The same of the facts. */
export function knownFields({ fields = {} }: TypeSchema): string[] {
  const choices = ({ enum: own, items }: ValueSchema): readonly string[] | undefined => own ?? items?.enum;
  const lines = Object.entries(fields).map(([name, field]) =>
    line(name, field.required === true, field.default, choices(field), [
      field.listType,
      field.listMapKeys?.join(),
      field.patchStrategy?.join(),
    ]),
  );
  return lines.toSorted();
}

function line(
  name: string,
  required: boolean,
  value: unknown,
  choices: readonly string[] | undefined,
  merging: readonly (string | undefined)[],
): string {
  const parts = [
    name,
    required ? 'required' : '',
    JSON.stringify(value) ?? '',
    choices?.toSorted().join() ?? '',
    ...merging,
  ];
  return parts.join(' | ');
}
