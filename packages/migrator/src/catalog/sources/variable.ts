import type { SourceOf, SourceReader } from './source.ts'

export const variable: SourceReader<SourceOf<'variable'>> = {
  nameOf: ({ name }) => name,
  originOf: ({ name }, env) => `${name} (${env.origin(name) ?? 'default'})`,
  read: async ({ name }, { env }) => {
    const url = env.get(name)
    return url === undefined ? undefined : [{ url }]
  },
}
