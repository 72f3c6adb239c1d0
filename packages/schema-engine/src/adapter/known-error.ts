import type { Error as AdapterError } from '@prisma/driver-adapter-utils'
import type { Address } from './address.ts'

/** An error in Prisma's words, with its code where it has one (https://www.prisma.io/docs/orm/reference/error-reference). */
export interface KnownError {
  readonly error_code?: string
  readonly message: string
  readonly meta?: Readonly<Record<string, unknown>>
}

export const invalidUrl = (): KnownError => ({
  error_code: 'P1013',
  message:
    'The provided database string is invalid. It must be a PostgreSQL URL: postgresql://USER:PASSWORD@HOST:PORT/DATABASE?schema=SCHEMA',
})

/** Gives an error of the connection the code and words that people know from Prisma's native engine. */
export function knownError(error: AdapterError, address: Address): KnownError {
  const at = `${address.host}:${address.port}`
  switch (error.kind) {
    case 'AuthenticationFailed':
      return {
        error_code: 'P1000',
        message: `Authentication failed against database server, the provided database credentials for \`${address.user}\` are not valid.\n\nPlease make sure to provide valid database credentials for the database server at \`${at}\`.`,
      }
    case 'DatabaseNotReachable':
      return {
        error_code: 'P1001',
        message: `Can't reach database server at \`${at}\`\n\nPlease make sure your database server is running at \`${at}\`.`,
      }
    case 'DatabaseDoesNotExist':
      return {
        error_code: 'P1003',
        message: `Database \`${address.database}\` does not exist on the database server at \`${at}\`.`,
      }
    case 'DatabaseAccessDenied':
      return {
        error_code: 'P1010',
        message: `User \`${address.user}\` was denied access on the database \`${address.database}\``,
      }
    case 'TlsConnectionError':
      return { error_code: 'P1011', message: `Error opening a TLS connection: ${error.reason}` }
    case 'ConnectionClosed':
      return { error_code: 'P1017', message: 'Server has closed the connection.' }
    case 'TooManyConnections':
      return { error_code: 'P2037', message: `Too many database connections opened: ${error.cause}` }
    default:
      return { message: error.originalMessage ?? ('message' in error ? error.message : error.kind) }
  }
}
