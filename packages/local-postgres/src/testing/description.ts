/** What the workers of a test run are told about its server, in an environment variable. */
export interface ServerDescription {
  readonly kind: 'embedded' | 'container' | 'url'
  readonly version: string
  readonly adminUrl: string
  /** Eight hexadecimal digits that stand in the name of every database of this run. */
  readonly run: string
}

const variable = 'MANYBASE_TEST_SERVER'

export function writeDescription(env: NodeJS.ProcessEnv, description: ServerDescription): void {
  env[variable] = JSON.stringify(description)
}

export function clearDescription(env: NodeJS.ProcessEnv): void {
  delete env[variable]
}

export function readDescription(env: NodeJS.ProcessEnv): ServerDescription | undefined {
  const text = env[variable]
  if (!text) return undefined
  const value: unknown = JSON.parse(text)
  return isDescription(value) ? value : undefined
}

function isDescription(value: unknown): value is ServerDescription {
  if (typeof value !== 'object' || value === null) return false
  if (!('kind' in value && 'version' in value && 'adminUrl' in value && 'run' in value)) return false
  return [value.kind, value.version, value.adminUrl, value.run].every((part) => typeof part === 'string')
}
