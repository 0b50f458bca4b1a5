import { parseGroupVersion } from '@client-ts/apimachinery';
import { ApiServer } from '@client-ts/apiserver';
import { OpenApiClient, validate } from '@client-ts/openapi';
import { restClientFor } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { objectCases } from './object-cases.js';
import { verdict } from './verdict.js';
import { widgets } from './widgets.js';

const definitions = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };

test('verdicts are those of the server in memory', async () => {
  await using server = new ApiServer();
  const config = server.config();
  const openapi = new OpenApiClient(config);
  await openapi.groupVersions();
  await restClientFor(config).json({ method: 'POST', target: definitions, body: widgets });
  const wrong: unknown[] = [];
  for (const [what, object, problems] of objectCases) {
    const schema = await openapi.schema({ ...parseGroupVersion(object.apiVersion!), kind: object.kind! });
    const found = validate(schema, object);
    const answer = await verdict(config, object);
    if (answer.startsWith('invalid') !== found.length > 0 || found.map(({ path }) => path).join() !== problems.join()) {
      wrong.push({ what, answer, found });
    }
  }
  expect(wrong).toEqual([]);
});
