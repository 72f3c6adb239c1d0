import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { errorCode } from '@manybase/failure'
import { listUnreadable } from './failures.ts'
import { parseMembers } from './members.ts'
import type { SourceOf, SourceReader } from './source.ts'

export const file: SourceReader<SourceOf<'file'>> = {
  nameOf: ({ path }) => path,
  originOf: ({ path }) => path,
  read: async ({ path }, { root, name }) => {
    const file = resolve(root, path)
    return parseMembers(readText(name, file), { list: name, place: path })
  },
}

function readText(list: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw listUnreadable({ list, file, reason: errorCode(error) ?? 'unknown' }, error)
  }
}
