import { type ApiSchema, schema as builtInSchema } from '@client-ts/api/schema';
import type { ObjectChecker } from '../object-checker.js';
import { checkBuiltIn } from './built-in-checker.js';
import { checkCustom } from './custom-checker.js';

/** Checks objects by the facts of the built-in types, and by the schemas of CRDs. */
export function schemaChecker(schema: ApiSchema = builtInSchema): ObjectChecker {
  return (input) => {
    const { custom, type } = input.resource;
    if (custom) return checkCustom(schema, custom, input);
    if (type !== undefined) return checkBuiltIn(schema, type, input);
    return { object: input.object, warnings: [], strictErrors: [], causes: [] };
  };
}
