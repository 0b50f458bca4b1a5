/** A command line, and what it reads from standard input; `{ns}` is the namespace that it happens in. */
export type Step = string | { readonly line: string; readonly stdin: object | string };

const settings = (data: object, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'applied', ...more },
  data,
});
const apply = (stdin: object | string, ...flags: string[]): Step => ({
  line: ['apply', '--server-side', '-f', '-', ...flags].join(' '),
  stdin,
});
const held = { finalizers: ['example.com/held'] };

/** Command lines that change what there is, one after the other. Each story is told once by kubectl, once by kubectl-lite. */
export const stories: Readonly<Record<string, readonly Step[]>> = {
  'server-side apply': [
    apply(settings({ mode: 'slow' })),
    apply(settings({ mode: 'slow' })),
    apply(settings({ mode: 'fast', more: '1' }), '-o', 'jsonpath={.data}'),
    apply(settings({ mode: 'other' }), '--field-manager=other'),
    apply(settings({ mode: 'other' }), '--field-manager=other', '--force-conflicts'),
    apply(settings({ mode: 'slow', more: '2' })),
    'get cm applied -o jsonpath={.data}',
    apply(
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [settings({ a: 'b' }, { name: 'first' }), settings({ a: 'b' }, { name: 'second' })],
      },
      '-o',
      'name',
    ),
    apply(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: third}\n---\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: UPPER}\n',
    ),
    apply({ kind: 'ConfigMap', metadata: { name: 'x' } }),
    apply({ metadata: { name: 'x' } }),
    apply({ apiVersion: 'example.com/v1', kind: 'Nothing', metadata: { name: 'x' } }),
    apply({ ...settings({}), unknown: 1 }),
    apply(settings({}, { namespace: 'elsewhere' })),
    apply({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: { replicas: -1 } }),
    apply({
      apiVersion: 'lite.example.com/v1',
      kind: 'Gadget',
      metadata: { name: 'x' },
      spec: { mode: 'none', replicas: 'many' },
    }),
    apply(''),
    'get cm',
  ],
  scale: [
    'scale deploy/shop --replicas=5',
    'get deploy shop',
    'scale deploy shop idle --replicas=2',
    'scale deploy,rs,sts --all --replicas=4',
    'scale deploy --replicas=6 -l app=shop',
    'scale gadget/plain --replicas=7',
    'scale gadget/plain deploy/nothing deploy/idle --replicas=8',
    {
      line: 'scale -f - --replicas=9 -o name',
      stdin: { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' } },
    },
    'scale deploy/shop --replicas=10 -o jsonpath={.spec.replicas}',
    'get deploy,rs,sts,gadget -o jsonpath={.items[*].spec.replicas}',
  ],
  delete: [
    'delete cm empty',
    'delete cm/empty cm/settings',
    'delete cm empty --ignore-not-found',
    'delete pod api',
    'delete pods,svc -l app=shop',
    'delete cm -l app=nothing',
    'delete deploy shop idle --cascade=orphan --wait=false',
    'delete sts --all',
    'delete rs shop-1 --cascade=foreground --wait=false',
    { line: 'delete -f -', stdin: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'password' } } },
    apply(settings({}, held)),
    'delete cm applied --timeout=3s',
    'delete cm applied --wait=false -o name',
    apply(settings({ again: 'x' }, held)),
    'wait cm/applied --for=delete --timeout=3s',
    'wait cm/applied --for=jsonpath={.data.again}=x',
    apply(settings({ again: 'x' })),
    'wait cm/applied --for=delete',
    'delete gadgets --all',
    'delete gadgets --all',
    'get all,gadgets',
  ],
};
