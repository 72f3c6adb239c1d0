import type { FastifyRequest, FastifyServerOptions } from 'fastify'
import type { Settings } from './settings/settings.ts'

/**
 * One JSON line for each event. Of a request there are method, path and address: no headers, which hold tokens, no query
 * and no body. Of an error there are name, code, message and stack; what Prisma quotes of its arguments is cut away.
 */
export function loggerOptions(
  { logLevel }: Pick<Settings, 'logLevel'>,
  stream?: { write(line: string): void },
): Exclude<FastifyServerOptions['logger'], boolean | undefined> {
  return {
    level: logLevel,
    ...(stream && { stream }),
    serializers: {
      req: ({ method, url, ip }: FastifyRequest) => ({
        method,
        path: url.split('?', 1)[0],
        remoteAddress: ip,
      }),
      err: describeError,
    },
  }
}

/** `details` has what is known of an error besides its message, which may quote somebody's input. */
function describeError(
  error: unknown,
): Record<string, unknown> & { type: string; message: string; stack: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error', stack: '' }
  const { name, message, stack = '' } = error
  const safe =
    message.startsWith('\nInvalid `') || message.includes('invocation') ? lastLine(message) : message
  const code: unknown = Reflect.get(error, 'code')
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return {
    type: name,
    ...(typeof code === 'string' && { code }),
    message: safe,
    stack: frames.join('\n'),
    ...(error.cause !== undefined && { cause: describeError(error.cause) }),
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
