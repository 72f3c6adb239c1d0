import type { Datamodel } from '@prisma/dmmf'
import { readDatamodel } from './engine.ts'
import { readEnums } from './enums.ts'
import { type Block, type Outline, type SourceFile, scan } from './scan.ts'
import type { DatabaseSchema } from './schema.ts'
import { readTable } from './table.ts'
import { withoutIgnores } from './visible.ts'

/**
 * Reads a Prisma schema of one or several files.
 * @throws `schema.invalid`
 */
export function parseSchema(database: string, files: readonly SourceFile[]): DatabaseSchema {
  const datamodel = readDatamodel(database, files.map(withoutIgnores))
  const outlines = files.map(scan)
  const blocks = outlines.flatMap((outline) => outline.blocks)
  const hasForeignKeys = !blocks.some(emulatesRelations)
  const tables = blocks
    .filter(({ keyword }) => keyword === 'model')
    .flatMap((block) => {
      const model = datamodel.models.find(({ name }) => name === block.name)
      return model ? [readTable(model, block, datamodel, hasForeignKeys)] : []
    })
  return { database, tables, enums: readEnums(datamodel), otherComments: otherComments(outlines, datamodel) }
}

/** With `relationMode = "prisma"` no relation of the schema is a foreign key in the database. */
const emulatesRelations = ({ keyword, members }: Block): boolean =>
  keyword === 'datasource' && members.some(({ code }) => /^relationMode\s*=\s*"prisma"/.test(code))

function otherComments(outlines: readonly Outline[], { models }: Datamodel): DatabaseSchema['otherComments'] {
  const modelNames = new Set(models.map(({ name }) => name))
  const ofColumns = new Set(
    outlines
      .flatMap(({ blocks }) => blocks)
      .filter(({ keyword }) => keyword === 'model')
      .flatMap(({ members }) => members.filter((member) => isColumn(member.code, modelNames)))
      .flatMap(({ comments }) => comments.filter(({ isDocumentation }) => isDocumentation)),
  )
  return outlines.flatMap(({ comments }) => comments).filter((comment) => !ofColumns.has(comment))
}

/** Whether a member is stored in its own table, rather than being a relation or a block attribute. */
function isColumn(code: string, modelNames: ReadonlySet<string>): boolean {
  const type = /^\w+\s+(\w+)/.exec(code)?.[1]
  return type !== undefined && !modelNames.has(type)
}
