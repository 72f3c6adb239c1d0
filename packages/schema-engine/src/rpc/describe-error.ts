import { errorMessage } from '@manybase/failure'
import type { KnownError } from '../adapter/known-error.ts'
import { panicOf } from '../engine/panic.ts'
import { type RpcError, rpcCodes } from './message.ts'

/** An error in the shape that the CLI knows: a panic, an error with Prisma's code, or a message alone. */
export function describeError(error: unknown): RpcError {
  const panic = panicOf(error)
  if (panic) {
    const data = { is_panic: true, message: panic.message, meta: null, error: { message: panic.message } }
    return { code: rpcCodes.engine, message: panic.message, data }
  }
  const message = errorMessage(error)
  const code = property(error, 'code')
  const data = {
    is_panic: false,
    message,
    meta: property(error, 'meta') ?? null,
    ...(typeof code === 'string' && { error_code: code }),
  }
  return { code: rpcCodes.engine, message: 'An error happened. Check the data field for details.', data }
}

/** An error with one of Prisma's codes. */
export function knownRpcError({ error_code, message, meta }: KnownError): RpcError {
  const data = {
    is_panic: false,
    message,
    meta: meta ?? null,
    ...(error_code !== undefined && { error_code }),
  }
  return { code: rpcCodes.engine, message: 'An error happened. Check the data field for details.', data }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
