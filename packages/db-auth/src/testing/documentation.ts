import { readFileSync } from 'node:fs'

/** What the schema says of one object of the database, by the names that the database uses. */
export interface Documented {
  /** `table users`, `column users.email`, `type user_status`. */
  readonly object: string
  /** The `///` lines above it, annotations apart. */
  readonly text: string
  /** The argument of `@reference(…)`. */
  readonly reference: string | undefined
}

const annotation = /^@reference\((.*)\)$/

/** Reads models, enums and their fields; enough of Prisma's grammar for a formatted schema. */
export function readDocumentation(): readonly Documented[] {
  const schema = readFileSync(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8')
  const blocks = schema.matchAll(/((?:^\/\/\/.*\n)*)^(model|enum) \w+ \{\n([\s\S]*?)^\}/gm)
  return [...blocks].flatMap(([, above = '', kind, body = '']) => {
    const name = /^ {2}@@map\("(.+)"\)/m.exec(body)?.[1] ?? ''
    const block = documented(kind === 'enum' ? `type ${name}` : `table ${name}`, above)
    return kind === 'enum' ? [block] : [block, ...columns(name, body)]
  })
}

/** Only fields with a comment: a column without one is then missed by whoever compares. */
function columns(table: string, body: string): Documented[] {
  const fields = body.matchAll(/((?:^ {2}\/\/.*\n)+)^ {2}(\w+) (.*)$/gm)
  return [...fields].map(([, above = '', field = '', attributes = '']) =>
    documented(`column ${table}.${/@map\("(\w+)"\)/.exec(attributes)?.[1] ?? field}`, above),
  )
}

function documented(object: string, comment: string): Documented {
  const lines = comment.split('\n').flatMap((line) => /^ *\/\/\/ (.*)$/.exec(line)?.[1] ?? [])
  return {
    object,
    text: lines.filter((line) => !annotation.test(line)).join('\n'),
    reference: lines.map((line) => annotation.exec(line)?.[1]).find((argument) => argument !== undefined),
  }
}
