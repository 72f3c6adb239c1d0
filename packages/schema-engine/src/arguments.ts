import type { Datasource } from './adapter/factory.ts'

/** The command line that the Prisma CLI gives to its schema engine. */
export interface Options {
  readonly datamodels: readonly string[]
  readonly datasource: Datasource
  /** `can-connect-to-database` and the like; undefined for JSON-RPC. */
  readonly command: string | undefined
}

/** Reads `--datamodels FILE… --datasource JSON … [cli COMMAND]`; options of other databases are passed over. */
export function parseArguments(argv: readonly string[]): Options {
  const datamodels: string[] = []
  let datasource: Datasource = {}
  let command: string | undefined
  for (let i = 0; i < argv.length; i += 2) {
    const [name, value] = [argv[i], argv[i + 1]]
    if (value === undefined) break
    if (name === '--datamodels' || name === '-d') datamodels.push(value)
    else if (name === '--datasource') datasource = parseDatasource(value)
    else if (name === 'cli') command = value
  }
  return { datamodels, datasource, command }
}

function parseDatasource(json: string): Datasource {
  const value: unknown = JSON.parse(json)
  return { url: property(value, 'url'), shadowDatabaseUrl: property(value, 'shadowDatabaseUrl') }
}

function property(value: unknown, name: 'url' | 'shadowDatabaseUrl'): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const found = new Map(Object.entries(value)).get(name)
  return typeof found === 'string' && found !== '' ? found : undefined
}
