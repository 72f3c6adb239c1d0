import { parseMembers } from './members.ts'
import type { SourceOf, SourceReader } from './source.ts'

export const variableList: SourceReader<SourceOf<'variable-list'>> = {
  nameOf: ({ name }) => name,
  originOf: ({ name }, env) => `${name} (${env.origin(name) ?? 'default'})`,
  read: async (source, { env, name }) => {
    const text = env.get(source.name)
    return text === undefined ? undefined : parseMembers(text, { list: name, place: source.name })
  },
}
