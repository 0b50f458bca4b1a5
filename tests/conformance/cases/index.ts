import type { Cases } from '../case.js';
import { applyCases } from './apply.js';
import { createCases } from './create.js';
import { deleteCases } from './delete.js';
import { managedFieldsCases } from './managed-fields.js';
import { patchCases } from './patch.js';
import { readCases } from './read.js';
import { selectorCases } from './selectors.js';
import { updateCases } from './update.js';
import { namespaceCases } from './namespaces.js';
import { subresourceCases } from './subresources.js';
import { customResourceCases } from './custom-resources.js';
import { discoveryCases } from './discovery.js';
import { validationCases } from './validation.js';
import { requestCases } from './requests.js';
import { representationCases } from './representations.js';
import { watchCases } from './watch.js';

/** The whole suite. */
export const topics: Readonly<Record<string, Cases>> = {
  create: createCases,
  read: readCases,
  selectors: selectorCases,
  update: updateCases,
  patch: patchCases,
  apply: applyCases,
  'managed-fields': managedFieldsCases,
  delete: deleteCases,
  watch: watchCases,
  namespaces: namespaceCases,
  subresources: subresourceCases,
  'custom-resources': customResourceCases,
  discovery: discoveryCases,
  validation: validationCases,
  requests: requestCases,
  representations: representationCases,
};
