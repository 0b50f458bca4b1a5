import type { StatusCause } from '@client-ts/apimachinery/errors';
import type { Fields } from '../json-fields.js';

/** What is wrong with the fields of one object inside an object. It was decoded, so fields have the types of the facts. */
export type Rule = (fields: Fields, path: string) => StatusCause[];
