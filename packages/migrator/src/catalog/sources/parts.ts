import type { UrlPart } from '../define.ts'
import type { Environment } from '../environment.ts'
import type { SourceOf, SourceReader } from './source.ts'

const nameOf = ({ prefix }: SourceOf<'parts'>) => `${prefix}HOST/PORT/NAME/USER/PASSWORD`

export const parts: SourceReader<SourceOf<'parts'>> = {
  nameOf,
  originOf: (source, env) => `${nameOf(source)} (${env.origin(`${source.prefix}HOST`) ?? 'default'})`,
  read: async (source, { env }) => {
    const url = compose(source, env)
    return url === undefined ? undefined : [{ url }]
  },
}

function compose({ prefix, defaults }: SourceOf<'parts'>, env: Environment): string | undefined {
  const part = (name: UrlPart) => env.get(`${prefix}${name}`) ?? defaults[name]
  const [host, port, database, user, password] = [
    part('HOST'),
    part('PORT') ?? '5432',
    part('NAME'),
    part('USER'),
    part('PASSWORD'),
  ]
  if (host === undefined || database === undefined || user === undefined) return undefined
  const credentials = [user, password]
    .filter((text) => text !== undefined)
    .map(encodeURIComponent)
    .join(':')
  return `postgresql://${credentials}@${host}:${port}/${encodeURIComponent(database)}`
}
