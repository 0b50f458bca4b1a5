import type { KubernetesObject } from '@client-ts/apimachinery';
import type { VersionConversion } from './version-conversion.js';

interface Metric {
  readonly type: string;
  readonly resource?: {
    readonly name: string;
    readonly target?: { readonly type: string; readonly averageUtilization?: number };
    readonly current?: { readonly averageUtilization?: number };
  };
}

/** `autoscaling/v2`, as stored. */
interface Stored extends KubernetesObject {
  spec?: { metrics?: Metric[]; [field: string]: unknown };
  status?: {
    currentMetrics?: Metric[] | null;
    currentReplicas?: number;
    conditions?: unknown;
    [field: string]: unknown;
  };
}

/** `autoscaling/v1`, which knows one metric: the use of the CPU. */
interface Simple extends KubernetesObject {
  spec?: { targetCPUUtilizationPercentage?: number; [field: string]: unknown };
  status?: { currentCPUUtilizationPercentage?: number; currentReplicas?: number; [field: string]: unknown };
}

/**
 * What `autoscaling/v1` has no fields for is not shown, and kept by writes through it. A real server puts it into
 * annotations.
 */
export const autoscalerConversion: VersionConversion = {
  storage: 'autoscaling/v2',
  fromStorage(stored: Stored) {
    const { spec: storedSpec = {}, status: storedStatus = {}, ...rest } = stored;
    const { metrics = [], behavior: _behavior, ...spec } = storedSpec;
    const { currentMetrics, conditions: _conditions, ...status } = storedStatus;
    const target = metrics.find(isCpu)?.resource?.target?.averageUtilization;
    const current = (currentMetrics ?? []).find(isCpu)?.resource?.current?.averageUtilization;
    const simple: Simple = {
      ...rest,
      spec: { ...spec, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
      status: {
        currentReplicas: 0,
        ...status,
        ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }),
      },
    };
    return simple;
  },
  toStorage(object: Simple, current: Stored | undefined) {
    const { spec: simpleSpec = {}, status: simpleStatus = {}, ...rest } = object;
    const { targetCPUUtilizationPercentage: target, ...spec } = simpleSpec;
    const { currentCPUUtilizationPercentage: used, ...status } = simpleStatus;
    const { behavior } = current?.spec ?? {};
    const { conditions } = current?.status ?? {};
    const metrics = withCpu(current?.spec?.metrics, target, (averageUtilization) => ({
      target: { type: 'Utilization', averageUtilization },
    }));
    const currentMetrics = withCpu(current?.status?.currentMetrics, used, (averageUtilization) => ({
      current: { averageUtilization },
    }));
    const stored: Stored = {
      ...rest,
      spec: { ...spec, ...(metrics.length === 0 ? {} : { metrics }), ...(behavior === undefined ? {} : { behavior }) },
      status: {
        ...status,
        currentMetrics: currentMetrics.length === 0 ? null : currentMetrics,
        ...(conditions === undefined ? {} : { conditions }),
      },
    };
    return stored;
  },
};

function isCpu({ type, resource }: Metric): boolean {
  return type === 'Resource' && resource?.name === 'cpu';
}

/** The metrics with that of the CPU replaced, where it has changed. */
function withCpu(
  metrics: readonly Metric[] | null | undefined,
  value: number | undefined,
  make: (value: number) => Omit<NonNullable<Metric['resource']>, 'name'>,
): Metric[] {
  const others = (metrics ?? []).filter((metric) => !isCpu(metric));
  if (value === undefined) return others;
  return [{ type: 'Resource', resource: { name: 'cpu', ...make(value) } }, ...others];
}
