import type { StatusCause } from '@client-ts/apimachinery/errors';
import { invalid, required } from '../../rules/causes.js';
import { type Fields, fieldsAt, isFields, textAt } from '../json-fields.js';
import { definitionSchemaProblems } from '../structural/definition-schema-problems.js';

/** Jobs get a suffix of eleven characters, and their names become labels. */
const MaxCronJobName = 52;

/** Rules that need the metadata, too; by type of the whole object. */
export const WholeObjectRules: Readonly<Record<string, (object: Fields) => StatusCause[]>> = {
  'apiextensions.v1.CustomResourceDefinition': definitionSchemaProblems,
  'apps.v1.ControllerRevision': ({ revision, data }) => {
    const causes: StatusCause[] = [];
    if (Number(revision) < 0) causes.push(invalid('revision', revision, 'must be greater than or equal to 0'));
    if (data === undefined || data === null) causes.push(required('data', 'data is mandatory'));
    else if (!isFields(data)) causes.push(required('data', 'data must be a valid JSON object'));
    return causes;
  },
  'batch.v1.CronJob': (object) => {
    const name = textAt(fieldsAt(object, 'metadata'), 'name');
    if (name.length <= MaxCronJobName) return [];
    return [invalid('metadata.name', name, `must be no more than ${MaxCronJobName} characters`)];
  },
  'core.v1.Event': (object) => {
    const namespace = textAt(fieldsAt(object, 'metadata'), 'namespace');
    const involved = textAt(fieldsAt(object, 'involvedObject'), 'namespace');
    // What has no namespace is reported about in the default one.
    if (namespace === '' || namespace === (involved || 'default')) return [];
    return [invalid('involvedObject.namespace', involved, 'does not match event.namespace')];
  },
};
