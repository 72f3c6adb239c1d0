/** JSON-RPC 2.0, one message a line. */
export interface Request {
  readonly id: number | string
  readonly method: string
  readonly params: unknown
}

/** What the CLI shows: `message` for people, Prisma's `error_code`, or the mark of a bug in the engine. */
export interface ErrorData {
  readonly is_panic: boolean
  readonly message: string
  readonly meta: unknown
  readonly error_code?: string | undefined
  readonly error?: { readonly message: string }
}

export interface RpcError {
  readonly code: number
  readonly message: string
  readonly data?: ErrorData
}

export type Incoming =
  | { readonly kind: 'request'; readonly request: Request }
  /** The CLI's answer to a request of ours. */
  | { readonly kind: 'answer'; readonly id: number }
  | { readonly kind: 'unreadable' }

/** Codes of the JSON-RPC specification, and the one that Prisma uses for its own errors. */
export const rpcCodes = { methodNotFound: -32601, unreadable: -32700, engine: 4466 } as const

export function parseMessage(line: string): Incoming {
  const value = parseJson(line)
  if (typeof value !== 'object' || value === null || !('id' in value)) return { kind: 'unreadable' }
  const { id } = value
  if ('method' in value && typeof value.method === 'string') {
    if (typeof id !== 'number' && typeof id !== 'string') return { kind: 'unreadable' }
    const params = 'params' in value ? value.params : undefined
    return { kind: 'request', request: { id, method: value.method, params } }
  }
  return typeof id === 'number' ? { kind: 'answer', id } : { kind: 'unreadable' }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

export const resultLine = (id: Request['id'], result: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, result: result ?? null })

export const errorLine = (id: Request['id'] | null, error: RpcError): string =>
  JSON.stringify({ jsonrpc: '2.0', id, error })

export const printLine = (id: number, content: string): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'print', params: { content } })
