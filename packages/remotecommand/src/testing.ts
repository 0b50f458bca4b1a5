export { type FakeCall, fakeExec, type FakeOutput, type FakeProcess } from './testing/fake-exec.js';
