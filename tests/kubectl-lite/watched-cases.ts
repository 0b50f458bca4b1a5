/** Commands that go on until they are ended, and in which something of the gadget `plain` shows its text. */
export const watchedCases: readonly string[] = [
  'get gadgets -w',
  'get gadgets --watch -o wide --no-headers',
  'get gadget plain -w',
  'get gadgets -w -L app',
  'get gadgets -w --field-selector metadata.name=plain -o jsonpath={.spec.text},',
  'get gadget plain -w -o yaml',
  'get gadgets -w -o custom-columns=NAME:.metadata.name,TEXT:.spec.text',
];
