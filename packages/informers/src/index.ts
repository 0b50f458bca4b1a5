export {
  type InformerOptions,
  SharedInformerFactory,
  type SharedInformerFactoryOptions,
} from './shared-informer-factory.js';
