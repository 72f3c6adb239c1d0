import type { Area, Box, Drawing, Line, Mark, Row } from '../drawing/drawing.ts'

/** Tells a generated text from one that somebody wrote. */
export const mermaidMarker = '%% Generated from the Prisma schemas: edit these, and run db diagram.'

/**
 * The drawing as Mermaid's text: https://mermaid.js.org/syntax/entityRelationshipDiagram.html. Tables of several
 * databases carry their database's name; solid lines are foreign keys, dotted ones run between databases.
 */
export function renderMermaid({ areas, lines }: Drawing): string {
  const optional = new Set(
    areas.flatMap(({ boxes }) =>
      boxes.flatMap(({ rows }) => rows.flatMap(({ id, type }) => (type.endsWith('?') ? id : []))),
    ),
  )
  const boxes = areas.flatMap((area) => area.boxes)
  return `${[
    mermaidMarker,
    'erDiagram',
    '  direction LR',
    ...areas.flatMap((area) => area.boxes.flatMap((box) => entity(area, box, areas.length > 1))),
    ...lines.map((line) => `  ${relation(line, boxes, optional.has(line.referencing))}`),
  ].join('\n')}\n`
}

const entity = ({ database }: Area, box: Box, isOneOfMany: boolean): readonly string[] => [
  `  ${idOf(box)}["${quoted(isOneOfMany ? `${database}.${box.name}` : box.name)}"] {`,
  ...box.rows.map((row) => `    ${attribute(row)}`),
  '  }',
]

/** Mermaid's words hold letters, digits, `_`, `-`, `()` and `[]`, and begin with a letter. */
const word = (text: string): string =>
  text.replace(/[^\p{L}\p{N}_()[\]-]/gu, '_').replace(/^(?!\p{L}|_)/u, '_')

const idOf = ({ id }: Pick<Box, 'id'>): string => id.replace(/[^\p{L}\p{N}_]/gu, '_')

const keys: Readonly<Record<Mark['kind'], string>> = {
  'primary key': 'PK',
  'foreign key': 'FK',
  reference: 'FK',
  unique: 'UK',
}

function attribute({ name, type, marks, comment }: Row): string {
  const known = [
    ...new Set(
      marks.filter(({ isPart, kind }) => !isPart || kind !== 'unique').map(({ kind }) => keys[kind]),
    ),
  ]
  return [
    word(type.replace(/\?$/, '')),
    word(name),
    known.join(', ') || [],
    comment === '' ? [] : `"${quoted(comment)}"`,
  ]
    .flat()
    .join(' ')
}

/** `users ||--o{ projects : "user_id, Cascade"`. */
function relation(line: Line, boxes: readonly Box[], isOptional: boolean): string {
  const one = isOptional ? '|o' : '||'
  const many = line.isUnique ? 'o|' : 'o{'
  const middle = line.kind === 'reference' ? '..' : '--'
  const column = line.referencing.slice(line.referencing.lastIndexOf('.') + 1)
  const [from, to] = [line.referenced, line.referencing].map((row) => idOf(boxOf(row, boxes)))
  return `${from} ${one}${middle}${many} ${to} : "${quoted(`${column}, ${line.onDelete}`)}"`
}

function boxOf(row: string, boxes: readonly Box[]): Box {
  const box = boxes.find(({ rows }) => rows.some(({ id }) => id === row))
  if (!box) throw new TypeError(`No table has ${row}.`)
  return box
}

/** Inside Mermaid's quotes there can be none. */
const quoted = (text: string): string => text.replaceAll('"', '#quot;').replace(/\s+/g, ' ')
