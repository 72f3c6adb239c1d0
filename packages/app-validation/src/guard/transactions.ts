import { isRecord } from './values.ts'

/** How Prisma says, to a query extension, which transaction an operation belongs to. */
export type Transaction = { readonly kind: 'itx'; readonly id: string } | { readonly kind: 'batch' }

export function transactionOf(internalParams: unknown): Transaction | undefined {
  const transaction = isRecord(internalParams) ? internalParams.transaction : undefined
  if (!isRecord(transaction)) return undefined
  const { kind, id } = transaction
  if (kind === 'itx' && typeof id === 'string') return { kind, id }
  if (kind === 'batch') return { kind }
  throw new TypeError(`The guard doesn’t know Prisma’s transactions of the kind ${String(kind)}.`)
}

/** Another operation of the same model for what a query extension is given, in the same transaction. */
export function anotherOperation(internalParams: unknown, model: string, operation: string): unknown {
  if (!isRecord(internalParams) || typeof internalParams.action !== 'string') {
    throw new TypeError('The guard doesn’t know how Prisma calls an operation.')
  }
  const clientMethod = `${model.charAt(0).toLowerCase()}${model.slice(1)}.${operation}`
  return { ...internalParams, action: operation, clientMethod }
}

/** Where Prisma 7 keeps the id of an interactive transaction on the client that its callback is given. */
const scope = Symbol.for('prisma.client.transaction.scope_context')

export function interactiveId(client: unknown): string {
  const context: unknown = isRecord(client) ? Reflect.get(client, scope) : undefined
  if (isRecord(context) && typeof context.txId === 'string') return context.txId
  throw new TypeError('The guard finds no id on the client of an interactive transaction.')
}
