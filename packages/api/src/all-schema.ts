import { moreSchema } from './gen/more-schema.js';
import { schema as core } from './gen/schema.js';
import type { ApiSchema } from './schema-facts.js';

export type * from './schema-facts.js';

/** The facts about every built-in group version, alpha and beta included. */
export const schema: ApiSchema = /* @__PURE__ */ (() => ({
  source: core.source,
  groupVersions: [...core.groupVersions, ...moreSchema.groupVersions],
  types: { ...core.types, ...moreSchema.types },
}))();
