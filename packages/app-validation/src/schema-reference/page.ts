import type { DatabaseSchema, EnumType } from '../prisma-schema/schema.ts'
import { qualifiedName } from '../prisma-schema/schema.ts'
import type { Reference } from '../references/reference.ts'
import { anchor, code, paragraphs, table } from './markdown.ts'
import { renderTable } from './table.ts'

/** Tells a generated page from one that somebody wrote, so that only these are ever replaced or removed. */
export const marker = '<!-- Generated from the Prisma schema: edit that, and run schema-reference. -->'

/**
 * The page of one database.
 * @param references those of all databases: a page shows the ones that leave it and the ones that arrive
 */
export function renderPage(schema: DatabaseSchema, references: readonly Reference[]): string {
  const { database, tables, enums } = schema
  const page = paragraphs(
    marker,
    `# ${database}`,
    summary(schema),
    '## Tables',
    table(
      ['table', 'what it holds'],
      tables.map((each) => [link(qualifiedName(each)), each.documentation]),
    ),
    ...tables.map((each) => renderTable(each, schema, references)),
    enums.length > 0 ? '## Enumerations' : undefined,
    ...enums.map(renderEnum),
  )
  return `${page}\n`
}

function summary({ tables, enums }: DatabaseSchema): string {
  const columns = tables.flatMap((each) => each.columns).length
  const indexes = tables.flatMap((each) => each.indexes).length
  return `${tables.length} tables, ${columns} columns, ${indexes} indexes (keys included), ${enums.length} enumerations.`
}

const link = (name: string): string => `[${code(name)}](#${anchor(name)})`

const renderEnum = ({ name, documentation, values }: EnumType): string =>
  paragraphs(
    `### ${name}`,
    documentation,
    values
      .map((value) => `- ${code(value.name)}${value.documentation === '' ? '' : `: ${value.documentation}`}`)
      .join('\n'),
  )
