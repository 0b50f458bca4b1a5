import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ApiServer } from '@client-ts/apiserver';
import { listen, type Listener } from '@client-ts/apiserver/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findKubectls, Kubectl } from './kubectl.js';
import { configMap, crd, cronTab, deployment, pod } from './manifests.js';

/** Cells of a table of `kubectl get`, without the heading. */
function rows(table: string): string[][] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s{2,}/));
}

describe.each(findKubectls(['1.37', '1.34']))('kubectl $name', ({ path, missing }) => {
  if (missing !== undefined) {
    it('works on the in-memory server', ({ skip }) => skip(missing));
    return;
  }

  describe('on the in-memory server', () => {
    let server: ApiServer;
    let listener: Listener;
    let kubectl: Kubectl;

    // One home for all: kubectl keeps what it learns of a server, by its address.
    beforeAll(async () => {
      server = new ApiServer();
      listener = await listen(server);
      kubectl = await Kubectl.create(path ?? '', listener.kubeconfig());
      await kubectl.ok(['create', '-f', '-'], { stdin: JSON.stringify(crd) });
    });
    afterAll(async () => {
      await kubectl[Symbol.asyncDispose]();
      await listener.close();
      await server[Symbol.asyncDispose]();
    });

    // A namespace for each test, so that none sees the objects of another.
    let count = 0;
    let namespace: string;
    beforeEach(async () => {
      namespace = `test-${++count}`;
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
      await kubectl.ok(['create', '-f', '-'], { stdin: JSON.stringify(object) });
      await kubectl.ok(['config', 'set-context', '--current', `--namespace=${namespace}`]);
    });
    afterEach(() => server.closeWatches('eof'));

    async function create(...objects: object[]): Promise<void> {
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      await kubectl.ok(['create', '-f', '-'], { stdin: JSON.stringify(list) });
    }

    async function apply(object: object, ...args: string[]): Promise<string> {
      return kubectl.ok(['apply', '-f', '-', ...args], { stdin: JSON.stringify(object) });
    }

    async function field(what: string, jsonpath: string): Promise<string> {
      return kubectl.ok(['get', what, '-o', `jsonpath=${jsonpath}`]);
    }

    describe('get', () => {
      it('prints a table', async () => {
        await create(deployment('web', { replicas: 2 }));
        const table = await kubectl.ok(['get', 'deployments']);
        expect(table.split(/\s+/).slice(0, 5)).toEqual(['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE']);
        expect(rows(table)[0]?.slice(0, 4)).toEqual(['web', '0/2', '0', '0']);
      });

      it('prints more with -o wide', async () => {
        await create(deployment('web'));
        const [row = []] = rows(await kubectl.ok(['get', 'deployment', 'web', '-o', 'wide']));
        expect(row.slice(5)).toEqual(['main', 'nginx', 'app=web']);
      });

      it('prints JSON and YAML', async () => {
        await create(configMap('a', { k: 'v' }));
        const object = JSON.parse(await kubectl.ok(['get', 'cm', 'a', '-o', 'json'])) as object;
        expect(object).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { k: 'v' } });
        expect(await kubectl.ok(['get', 'cm', 'a', '-o', 'yaml'])).toContain('data:\n  k: v\n');
      });

      it('selects by label', async () => {
        await create(configMap('a', {}, { color: 'red' }), configMap('b', {}, { color: 'blue' }));
        expect(await kubectl.ok(['get', 'cm', '-l', 'color in (red,green)', '-o', 'name'])).toBe('configmap/a');
      });

      it('selects by field', async () => {
        await create(pod('a'), pod('b'));
        expect(await kubectl.ok(['get', 'pods', '--field-selector', 'metadata.name!=a', '-o', 'name'])).toBe('pod/b');
      });

      it('looks into all namespaces with -A', async () => {
        await create(configMap('everywhere'));
        const table = await kubectl.ok(['get', 'cm', '-A', '--field-selector', 'metadata.name=everywhere']);
        expect(rows(table).map((row) => row.slice(0, 2))).toEqual([[namespace, 'everywhere']]);
      });

      it('finds resources by short name and by category', async () => {
        await create(deployment('web'), cronTab('tab'));
        const names = await kubectl.ok(['get', 'all', '-o', 'name']);
        expect(names.split('\n')).toEqual(['deployment.apps/web', 'crontab.stable.example.com/tab']);
        expect(await kubectl.ok(['get', 'ct', '-o', 'name'])).toBe('crontab.stable.example.com/tab');
      });

      it('says that there is nothing, and that a name does not exist', async () => {
        expect((await kubectl.run(['get', 'pods'])).stderr).toBe(`No resources found in ${namespace} namespace.\n`);
        const { code, stderr } = await kubectl.run(['get', 'pod', 'x']);
        expect([code, stderr]).toEqual([1, 'Error from server (NotFound): pods "x" not found\n']);
      });

      it('prints the columns that a CRD declares', async () => {
        await create(cronTab('tab'));
        const [row] = rows(await kubectl.ok(['get', 'crontabs', '-o', 'wide']));
        expect(row?.slice(0, 3)).toEqual(['tab', '* * * * *', '1']);
      });
    });

    describe('get -w', () => {
      it('prints what changes until it is killed', async () => {
        await create(configMap('a'));
        const watching = kubectl.start(['get', 'cm', '-w', '--no-headers', '--output-watch-events']);
        const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
        const next = async (): Promise<string[]> =>
          String((await lines.next()).value)
            .split(/\s+/)
            .slice(0, 3);

        expect(await next()).toEqual(['ADDED', 'a', '0']);
        await server.waitForWatch({ group: '', resource: 'configmaps' });
        await kubectl.ok(['patch', 'cm', 'a', '-p', '{"data":{"k":"v"}}']);
        expect(await next()).toEqual(['MODIFIED', 'a', '1']);
        await kubectl.ok(['delete', 'cm', 'a']);
        expect(await next()).toEqual(['DELETED', 'a', '1']);

        watching.kill();
        await once(watching, 'close');
      });
    });

    describe('create', () => {
      it('refuses a field that nobody knows, and says which', async () => {
        const object = { ...configMap('a'), dta: {} };
        const { code, stderr } = await kubectl.run(['create', '-f', '-'], { stdin: JSON.stringify(object) });
        expect(code).toBe(1);
        expect(stderr).toContain('strict decoding error: unknown field "dta"');
      });

      it('refuses an object that is not valid, in the words of a real server', async () => {
        const object = deployment('web', { selector: { matchLabels: { app: 'other' } } });
        const { stderr } = await kubectl.run(['create', '-f', '-'], { stdin: JSON.stringify(object) });
        expect(stderr.trim()).toBe(
          'The Deployment "web" is invalid: spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
        );
      });

      it('refuses a name that is taken', async () => {
        await create(configMap('a'));
        const { stderr } = await kubectl.run(['create', '-f', '-'], { stdin: JSON.stringify(configMap('a')) });
        expect(stderr).toContain('configmaps "a" already exists');
      });

      it('warns with --validate=warn, and creates', async () => {
        const object = { ...configMap('a'), dta: {} };
        const args = ['create', '--validate=warn', '-f', '-'];
        const { code, stderr } = await kubectl.run(args, { stdin: JSON.stringify(object) });
        expect([code, stderr]).toEqual([0, 'Warning: unknown field "dta"\n']);
      });

      it('stores nothing with --dry-run=server', async () => {
        const args = ['create', '--dry-run=server', '-f', '-', '-o', 'jsonpath={.spec.replicas}'];
        expect(await kubectl.ok(args, { stdin: JSON.stringify(deployment('web')) })).toBe('1');
        expect((await kubectl.run(['get', 'deployment', 'web'])).code).toBe(1);
      });

      it('checks the elements of a list one by one', async () => {
        const list = { apiVersion: 'v1', kind: 'List', items: [configMap('a'), { ...configMap('b'), dta: {} }] };
        const { stderr } = await kubectl.run(['create', '-f', '-'], { stdin: JSON.stringify(list) });
        expect(stderr).toContain('ValidationError(ConfigMap): unknown field "dta" in io.k8s.api.core.v1.ConfigMap');
      });

      it('runs a pod', async () => {
        expect(await kubectl.ok(['run', 'web', '--image=nginx'])).toBe('pod/web created');
        expect(rows(await kubectl.ok(['get', 'pods']))[0]?.slice(0, 4)).toEqual(['web', '0/1', 'Pending', '0']);
      });
    });

    describe('apply', () => {
      it('creates, leaves alone, and changes', async () => {
        expect(await apply(deployment('web'))).toBe('deployment.apps/web created');
        expect(await apply(deployment('web'))).toBe('deployment.apps/web unchanged');
        expect(await apply(deployment('web', { replicas: 3 }))).toBe('deployment.apps/web configured');
        expect(await field('deployment/web', '{.spec.replicas}')).toBe('3');
      });

      it('removes what is no longer in the manifest, and keeps what others added', async () => {
        await apply(configMap('a', { mine: '1', gone: '2' }));
        await kubectl.ok(['patch', 'cm', 'a', '-p', '{"data":{"theirs":"3"}}']);
        await apply(configMap('a', { mine: '1' }));
        expect(JSON.parse(await field('cm/a', '{.data}'))).toEqual({ mine: '1', theirs: '3' });
      });

      it('merges containers by name', async () => {
        await apply(deployment('web'));
        const sidecar = { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'side', image: 's' } };
        await kubectl.ok(['patch', 'deployment', 'web', '--type=json', '-p', JSON.stringify([sidecar])]);
        await apply(deployment('web', { image: 'nginx:2' }));
        expect(await field('deployment/web', '{.spec.template.spec.containers[*].image}')).toBe('nginx:2 s');
      });

      it('changes custom resources', async () => {
        await apply(cronTab('tab'));
        expect(await apply(cronTab('tab', { replicas: 2 }))).toBe('crontab.stable.example.com/tab configured');
        expect(await field('crontab/tab', '{.spec.replicas} {.spec.image}')).toBe('2 nginx');
      });

      it('shows a difference with diff', async () => {
        await apply(configMap('a', { k: 'old' }));
        const args = ['diff', '-f', '-'];
        const { code, stdout } = await kubectl.run(args, { stdin: JSON.stringify(configMap('a', { k: 'new' })) });
        expect(code).toBe(1);
        expect(stdout).toContain('-  k: old');
        expect(stdout).toContain('+  k: new');
      });
    });

    describe('apply --server-side', () => {
      it('creates, changes, and removes what is no longer in the manifest', async () => {
        expect(await apply(configMap('a', { mine: '1', gone: '2' }), '--server-side')).toBe(
          'configmap/a serverside-applied',
        );
        await kubectl.ok(['patch', 'cm', 'a', '-p', '{"data":{"theirs":"3"}}']);
        await apply(configMap('a', { mine: '2' }), '--server-side');
        expect(JSON.parse(await field('cm/a', '{.data}'))).toEqual({ mine: '2', theirs: '3' });
      });

      it('tells of conflicts, which can be forced', async () => {
        // Labels, since emptiness can be owned, too.
        const manifest = (k: string): object => configMap('a', { k }, { l: 'x' });
        await apply(manifest('1'), '--server-side', '--field-manager=other');
        const args = ['apply', '-f', '-', '--server-side'];
        const { code, stderr } = await kubectl.run(args, { stdin: JSON.stringify(manifest('2')) });
        expect(code).toBe(1);
        expect(stderr).toContain('Apply failed with 1 conflict: conflict with "other": .data.k');
        await apply(manifest('2'), '--server-side', '--force-conflicts');
        expect(await field('cm/a', '{.data.k}')).toBe('2');
      });

      it('takes over what was applied from its own side', async () => {
        await apply(configMap('a', { kept: '1', gone: '1' }));
        await apply(configMap('a', { kept: '2' }), '--server-side');
        expect(JSON.parse(await field('cm/a', '{.data}'))).toEqual({ kept: '2' });
      });

      it('changes custom resources, and their status', async () => {
        await apply(cronTab('tab'), '--server-side');
        await apply({ ...cronTab('tab'), status: { replicas: 4 } }, '--server-side', '--subresource=status');
        expect(await field('crontab/tab', '{.spec.image} {.status.replicas}')).toBe('nginx 4');
      });

      it('shows who owns what', async () => {
        await apply(configMap('a', { k: '1' }), '--server-side', '--field-manager=me');
        const shown = await kubectl.ok(['get', 'cm', 'a', '-o', 'yaml', '--show-managed-fields']);
        expect(shown).toMatch(/f:data:\n +f:k: \{\}[^]* +manager: me\n +operation: Apply/);
      });
    });

    describe('patch', () => {
      it.each([
        ['strategic', '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"s"}]}}}}', 'nginx s'],
        ['merge', '{"spec":{"template":{"spec":{"containers":[{"name":"only","image":"o"}]}}}}', 'o'],
        ['json', '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"j"}]', 'j'],
      ])('takes a %s patch', async (type, patch, images) => {
        await create(deployment('web'));
        await kubectl.ok(['patch', 'deployment', 'web', `--type=${type}`, '-p', patch]);
        const found = await field('deployment/web', '{.spec.template.spec.containers[*].image}');
        expect(found.split(' ').toSorted()).toEqual(images.split(' '));
      });

      it('refuses a strategic patch of a custom resource', async () => {
        await create(cronTab('tab'));
        const { stderr } = await kubectl.run(['patch', 'crontab', 'tab', '--type=strategic', '-p', '{}']);
        expect(stderr).toContain('strategic-merge-patch+json is not supported by stable.example.com/v1, Kind=CronTab');
      });
    });

    describe('edit', () => {
      it('changes what the editor changed', async () => {
        await create(deployment('web'));
        const env = await kubectl.editor('s/image: nginx/image: httpd/');
        expect(await kubectl.ok(['edit', 'deployment', 'web'], { env })).toBe('deployment.apps/web edited');
        expect(await field('deployment/web', '{.spec.template.spec.containers[0].image}')).toBe('httpd');
      });

      it('changes custom resources, too', async () => {
        await create(cronTab('tab'));
        const env = await kubectl.editor('s/replicas: 1/replicas: 7/');
        expect(await kubectl.ok(['edit', 'crontab', 'tab'], { env })).toBe('crontab.stable.example.com/tab edited');
        expect(await field('crontab/tab', '{.spec.replicas}')).toBe('7');
      });
    });

    describe('delete', () => {
      it('waits until the object is gone', async () => {
        await create(deployment('web'), pod('p'));
        expect(await kubectl.ok(['delete', 'deployment/web', 'pod/p', '--wait'])).toMatch(
          /^deployment\.apps "web" deleted.*\npod "p" deleted/,
        );
        expect(await kubectl.ok(['get', 'deployments,pods', '-o', 'name'])).toBe('');
      });

      it('takes all that a selector chooses', async () => {
        await create(configMap('a', {}, { app: 'x' }), configMap('b', {}, { app: 'x' }), configMap('c'));
        await kubectl.ok(['delete', 'cm', '-l', 'app=x']);
        expect(await kubectl.ok(['get', 'cm', '-o', 'name'])).toBe('configmap/c');
      });

      it('waits for a finalizer', async () => {
        await create({ ...configMap('a'), metadata: { name: 'a', finalizers: ['example.com/wait'] } });
        const deleting = kubectl.ok(['delete', 'cm', 'a', '--wait']);
        await server.waitForWatch({ group: '', resource: 'configmaps' });
        await kubectl.ok(['patch', 'cm', 'a', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
        expect(await deleting).toContain('configmap "a" deleted');
      });
    });

    describe('what the server serves', () => {
      it('lists resources', async () => {
        const lines = (await kubectl.ok(['api-resources', '--api-group=stable.example.com', '--no-headers'])).split(
          '\n',
        );
        expect(lines.map((line) => line.split(/\s+/))).toEqual([
          ['crontabs', 'ct', 'stable.example.com/v1', 'true', 'CronTab'],
        ]);
      });

      it('lists versions', async () => {
        const versions = (await kubectl.ok(['api-versions'])).split('\n');
        expect(versions).toEqual(expect.arrayContaining(['apps/v1', 'batch/v1', 'stable.example.com/v1', 'v1']));
      });

      it('explains a built-in kind', async () => {
        const explained = await kubectl.ok(['explain', 'deployment']);
        expect(explained).toMatch(/GROUP: +apps\nKIND: +Deployment\nVERSION: +v1/);
        expect(explained).toContain('spec\t<DeploymentSpec> -required-');
      });

      it('explains a field deep inside', async () => {
        const explained = await kubectl.ok(['explain', 'pod.spec.containers.ports.protocol']);
        expect(explained).toContain('FIELD: protocol <string>');
        expect(explained).toMatch(/ENUM:\s+SCTP\s+TCP\s+UDP/);
      });

      it('explains what a CRD describes', async () => {
        expect(await kubectl.ok(['explain', 'crontab.spec.cronSpec'])).toContain('When it runs.');
        expect(await kubectl.ok(['explain', 'crontab', '--recursive'])).toContain('cronSpec\t<string> -required-');
      });

      it('says that a field does not exist', async () => {
        const { code, stderr } = await kubectl.run(['explain', 'pod.spec.nothing']);
        expect([code, stderr]).toEqual([1, 'error: field "nothing" does not exist\n']);
      });
    });

    describe('other verbs', () => {
      it('scales built-in and custom resources', async () => {
        await create(deployment('web'), cronTab('tab'));
        expect(await kubectl.ok(['scale', 'deployment/web', '--replicas=4'])).toBe('deployment.apps/web scaled');
        expect(await kubectl.ok(['scale', 'crontab/tab', '--replicas=5'])).toBe(
          'crontab.stable.example.com/tab scaled',
        );
        expect(await field('deployment/web', '{.spec.replicas}')).toBe('4');
        expect(await field('crontab/tab', '{.spec.replicas}')).toBe('5');
      });

      it('labels and annotates', async () => {
        await create(configMap('a'));
        expect(await kubectl.ok(['label', 'cm', 'a', 'color=red'])).toBe('configmap/a labeled');
        expect(await kubectl.ok(['annotate', 'cm', 'a', 'note=well'])).toBe('configmap/a annotated');
        expect(await field('cm/a', '{.metadata.labels.color} {.metadata.annotations.note}')).toBe('red well');
        expect(await kubectl.ok(['label', 'cm', 'a', 'color-'])).toBe('configmap/a unlabeled');
      });

      it('sets an image, and restarts', async () => {
        await create(deployment('web'));
        await kubectl.ok(['set', 'image', 'deployment/web', 'main=nginx:2']);
        await kubectl.ok(['rollout', 'restart', 'deployment/web']);
        expect(await field('deployment/web', '{.spec.template.spec.containers[0].image}')).toBe('nginx:2');
        expect(await field('deployment/web', '{.spec.template.metadata.annotations}')).toContain('restartedAt');
      });

      it('waits for a condition', async () => {
        await create(deployment('web'));
        const waiting = kubectl.ok(['wait', '--for=condition=Available', 'deployment/web', '--timeout=100s']);
        await server.waitForWatch({ group: 'apps', resource: 'deployments' });
        const status = { status: { conditions: [{ type: 'Available', status: 'True' }] } };
        const patch = [
          'patch',
          'deployment',
          'web',
          '--subresource=status',
          '--type=merge',
          '-p',
          JSON.stringify(status),
        ];
        await kubectl.ok(patch);
        expect(await waiting).toBe('deployment.apps/web condition met');
      });

      it('waits for something to be deleted', async () => {
        await create(configMap('a'));
        const waiting = kubectl.ok(['wait', '--for=delete', 'cm/a', '--timeout=100s']);
        await server.waitForWatch({ group: '', resource: 'configmaps' });
        await kubectl.ok(['delete', 'cm', 'a']);
        expect(await waiting).toBe('configmap/a condition met');
      });

      it('describes', async () => {
        await create(deployment('web', { replicas: 2 }));
        expect(await kubectl.ok(['describe', 'deployment', 'web'])).toMatch(/Replicas: +2 desired/);
      });

      it('tells the version of the server', async () => {
        expect(await kubectl.ok(['version'])).toMatch(/Server Version: v1\.\d+/);
      });
    });
  });
});
