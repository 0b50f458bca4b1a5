export {
  type CategoryExpander,
  discoveryCategoryExpander,
  simpleCategoryExpander,
  unionCategoryExpander,
} from './category-expander.js';
export { DefaultRESTMapper, type KnownResource } from './default-rest-mapper.js';
export { DeferredDiscoveryRESTMapper, type DeferredDiscoveryOptions } from './deferred-discovery-rest-mapper.js';
export { newDiscoveryRESTMapper } from './discovery-rest-mapper.js';
export { FirstHitRESTMapper } from './first-hit-rest-mapper.js';
export { type ResourceNames, unsafeGuessKindToResource } from './guess-resource.js';
export {
  AmbiguousKindError,
  AmbiguousResourceError,
  isAmbiguous,
  isNoKindMatch,
  isNoMatch,
  isNoResourceMatch,
  NoKindMatchError,
  NoResourceMatchError,
} from './mapping-errors.js';
export { MultiRESTMapper } from './multi-rest-mapper.js';
export {
  type KindPriority,
  type Priorities,
  PriorityRESTMapper,
  type ResourcePriority,
} from './priority-rest-mapper.js';
export type { ResourceDiscovery } from './resource-discovery.js';
export type {
  MapOptions,
  MappingOptions,
  PartialKind,
  PartialResource,
  RESTMapper,
  RESTMapping,
} from './rest-mapper.js';
export { ShortcutExpander, type ShortcutExpanderOptions } from './shortcut-expander.js';
