export { FakeSource } from './testing/fake-source.js';
