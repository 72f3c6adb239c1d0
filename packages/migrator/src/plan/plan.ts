export { planDowngrade } from './downgrade.ts'
export type { Plan } from './step.ts'
export { planUpgrade } from './upgrade.ts'
