import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { errorCode } from '@manybase/failure'

/** The variables in force, and where each comes from. */
export interface Environment {
  get(name: string): string | undefined
  /** `environment`, `.env`, or nothing when the variable is unset. */
  origin(name: string): 'environment' | '.env' | undefined
  readonly production: boolean
}

/** The process's variables over those of `.env` in `root`; an empty value counts as unset. */
export function readEnvironment(root: string, variables: NodeJS.ProcessEnv = process.env): Environment {
  const file = readDotEnv(join(root, '.env'))
  const get = (name: string) => variables[name] || file[name] || undefined
  return {
    get,
    origin: (name) => (variables[name] ? 'environment' : file[name] ? '.env' : undefined),
    production: get('NODE_ENV') === 'production',
  }
}

function readDotEnv(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {}
    throw error
  }
}
