import { availableParallelism, cpus, totalmem } from 'node:os'

/** What figures depend on, to be kept with them. */
export interface Machine {
  readonly date: string
  readonly platform: string
  readonly processor: string
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  readonly node: string
}

export const describeMachine = (): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: availableParallelism(),
  memory: totalmem(),
  node: process.version,
})

export const renderMachine = ({ date, platform, processor, cores, memory, node }: Machine): string =>
  `${date}, ${platform}, ${cores} cores (${processor}), ${Math.round(memory / 2 ** 30)} GiB, Node ${node}`
