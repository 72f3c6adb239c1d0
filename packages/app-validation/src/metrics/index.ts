export { renderMetrics } from './exposition.ts'
export { scanMetrics, statusMetrics } from './metrics.ts'
