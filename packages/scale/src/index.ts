export { isNoScaleSubresource, NoScaleSubresourceError } from './no-scale-subresource-error.js';
export { type DiscoveryOfVersion, discoveryScaleKindResolver, type ScaleKindResolver } from './scale-kind-resolver.js';
export { isUnknownScaleKind, UnknownScaleKindError } from './unknown-scale-kind-error.js';
export {
  type ScaleInterface,
  ScalesGetter,
  type ScalesGetterOptions,
  type ScaleTarget,
  type ScaleWriteOptions,
} from './scales-getter.js';
