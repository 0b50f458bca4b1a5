import type { GroupVersionKind } from '@client-ts/apimachinery';

const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export const ObjectMetaType: string = `${Meta}.ObjectMeta`;
export const ListMetaType: string = `${Meta}.ListMeta`;
export const DeleteOptionsType: string = `${Meta}.DeleteOptions`;
export const PatchType: string = `${Meta}.Patch`;
export const StatusType: string = `${Meta}.Status`;

/** How the schema of a custom kind is named: the group backwards, as in Java. */
export function customTypeName({ group, version, kind }: GroupVersionKind): string {
  return [...group.split('.').toReversed(), version, kind].join('.');
}
