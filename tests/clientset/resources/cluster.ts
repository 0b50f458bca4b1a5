import * as admissionregistrationv1 from '@client-ts/api/admissionregistration/v1';
import * as admissionregistrationv1alpha1 from '@client-ts/api/admissionregistration/v1alpha1';
import * as admissionregistrationv1beta1 from '@client-ts/api/admissionregistration/v1beta1';
import * as apiextensionsv1 from '@client-ts/api/apiextensions/v1';
import * as apiregistrationv1 from '@client-ts/api/apiregistration/v1';
import * as apiserverinternalv1alpha1 from '@client-ts/api/apiserverinternal/v1alpha1';
import * as flowcontrolv1 from '@client-ts/api/flowcontrol/v1';
import * as rbacv1 from '@client-ts/api/rbac/v1';
import * as storagemigrationv1 from '@client-ts/api/storagemigration/v1';
import * as storagemigrationv1beta1 from '@client-ts/api/storagemigration/v1beta1';
import { row, Walk } from '../row.js';

const rules = [
  { apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['CREATE' as const], resources: ['walks'] },
];
const matchConstraints = { resourceRules: rules };
const mutating = {
  spec: {
    matchConstraints,
    mutations: [{ patchType: 'ApplyConfiguration' as const, applyConfiguration: { expression: 'Object{}' } }],
    reinvocationPolicy: 'Never' as const,
  },
};
const validating = { spec: { matchConstraints, validations: [{ expression: 'true' }] } };
const webhook = {
  name: 'walk.example.com',
  admissionReviewVersions: ['v1'],
  clientConfig: { url: 'https://localhost/walk' },
  rules,
  sideEffects: 'None' as const,
};
const migration = { spec: { resource: { group: 'example.com', resource: 'walks' } } };
const policyRules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'walk' };
const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'walk' }];

export const cluster = [
  row(
    admissionregistrationv1.mutatingAdmissionPolicies,
    (c) => c.admissionregistrationV1().mutatingAdmissionPolicies(),
    mutating,
  ),
  row(
    admissionregistrationv1alpha1.mutatingAdmissionPolicies,
    (c) => c.admissionregistrationV1alpha1().mutatingAdmissionPolicies(),
    mutating,
  ),
  row(
    admissionregistrationv1beta1.mutatingAdmissionPolicies,
    (c) => c.admissionregistrationV1beta1().mutatingAdmissionPolicies(),
    mutating,
  ),
  row(
    admissionregistrationv1.mutatingAdmissionPolicyBindings,
    (c) => c.admissionregistrationV1().mutatingAdmissionPolicyBindings(),
    { spec: { policyName: 'walk' } },
  ),
  row(
    admissionregistrationv1alpha1.mutatingAdmissionPolicyBindings,
    (c) => c.admissionregistrationV1alpha1().mutatingAdmissionPolicyBindings(),
    { spec: { policyName: 'walk' } },
  ),
  row(
    admissionregistrationv1beta1.mutatingAdmissionPolicyBindings,
    (c) => c.admissionregistrationV1beta1().mutatingAdmissionPolicyBindings(),
    { spec: { policyName: 'walk' } },
  ),
  row(
    admissionregistrationv1.mutatingWebhookConfigurations,
    (c) => c.admissionregistrationV1().mutatingWebhookConfigurations(),
    { webhooks: [webhook] },
  ),
  row(
    admissionregistrationv1.validatingAdmissionPolicies,
    (c) => c.admissionregistrationV1().validatingAdmissionPolicies(),
    validating,
  ),
  row(
    admissionregistrationv1.validatingAdmissionPolicyBindings,
    (c) => c.admissionregistrationV1().validatingAdmissionPolicyBindings(),
    { spec: { policyName: 'walk', validationActions: ['Deny'] } },
  ),
  row(
    admissionregistrationv1.validatingWebhookConfigurations,
    (c) => c.admissionregistrationV1().validatingWebhookConfigurations(),
    { webhooks: [webhook] },
  ),
  row(apiextensionsv1.customResourceDefinitions, (c) => c.apiextensionsV1().customResourceDefinitions(), {
    metadata: { name: 'walks.example.com' },
    spec: {
      group: 'example.com',
      names: { kind: 'Walk', plural: 'walks' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }),
  row(apiregistrationv1.apiServices, (c) => c.apiregistrationV1().apiServices(), {
    metadata: { name: 'v1.walk.example.com' },
    spec: {
      group: 'walk.example.com',
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { namespace: Walk, name: 'walk' },
    },
  }),
  row(
    apiserverinternalv1alpha1.storageVersions,
    (c) => c.internalV1alpha1().storageVersions(),
    { metadata: { name: 'example.com.walks' }, spec: {} },
    {
      status: {
        commonEncodingVersion: 'v1',
        storageVersions: [
          { apiServerID: 'walk', encodingVersion: 'v1', decodableVersions: ['v1'], servedVersions: ['v1'] },
        ],
      },
    },
  ),
  row(flowcontrolv1.flowSchemas, (c) => c.flowcontrolV1().flowSchemas(), {
    spec: { priorityLevelConfiguration: { name: 'global-default' }, matchingPrecedence: 9000 },
  }),
  row(flowcontrolv1.priorityLevelConfigurations, (c) => c.flowcontrolV1().priorityLevelConfigurations(), {
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } },
  }),
  row(rbacv1.clusterRoles, (c) => c.rbacV1().clusterRoles(), { rules: policyRules }),
  row(rbacv1.clusterRoleBindings, (c) => c.rbacV1().clusterRoleBindings(), { roleRef, subjects }),
  row(rbacv1.roles, (c) => c.rbacV1().roles(Walk), { rules: policyRules }),
  row(rbacv1.roleBindings, (c) => c.rbacV1().roleBindings(Walk), { roleRef, subjects }),
  row(storagemigrationv1.storageVersionMigrations, (c) => c.storagemigrationV1().storageVersionMigrations(), migration),
  row(
    storagemigrationv1beta1.storageVersionMigrations,
    (c) => c.storagemigrationV1beta1().storageVersionMigrations(),
    migration,
  ),
];
