import type { PoolStatistic } from './protocol.d.mts'

export function poolStatistic(statistic: PoolStatistic, values: Float64Array): number
