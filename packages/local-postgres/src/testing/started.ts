import type { ServerDescription } from './description.ts'

/** A server that was made ready for a test run. */
export interface StartedServer {
  readonly kind: ServerDescription['kind']
  readonly adminUrl: string
  /** What to say about it besides kind and version. */
  readonly remark?: string
  /** Gives back everything that was taken for it. */
  stop(): Promise<void>
}
