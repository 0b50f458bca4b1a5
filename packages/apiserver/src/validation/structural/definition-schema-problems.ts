import type { StatusCause } from '@client-ts/apimachinery/errors';
import { jsonEqual } from '../../json-equal.js';
import { type Fields, fieldsAt, isFields, listAt } from '../json-fields.js';
import { structuralProblems } from './structural-problems.js';

/**
 * What is wrong with the schemas of a CustomResourceDefinition.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function definitionSchemaProblems(definition: Fields): StatusCause[] {
  const schemas = listAt(fieldsAt(definition, 'spec'), 'versions').map(
    (version) => fieldsAt(version, 'schema')['openAPIV3Schema'],
  );
  const [first] = schemas;
  // What all versions have in common is named as if it stood beside them.
  if (isFields(first) && schemas.every((schema) => jsonEqual(schema, first))) {
    return structuralProblems(first, 'spec.validation.openAPIV3Schema');
  }
  return schemas.flatMap((schema, i) =>
    isFields(schema) ? structuralProblems(schema, `spec.versions[${i}].schema.openAPIV3Schema`) : [],
  );
}
