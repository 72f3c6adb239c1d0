import { capture } from './capture/capture.ts'
import { cascade } from './cascade/cascade.ts'
import { guard } from './guard/guard.ts'
import type { PartKey } from './keys.ts'
import { lag } from './lag/lag.ts'
import type { Part } from './part.ts'
import { memory } from './scan/memory.ts'
import { scan } from './scan/scan.ts'

export const parts: Readonly<Record<PartKey, Part>> = { cascade, capture, guard, lag, scan, memory }
