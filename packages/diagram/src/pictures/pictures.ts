import { type DatabaseSchema, resolveReferences } from '@manybase/app-validation'
import { drawAll, drawDatabase } from '../drawing/draw.ts'
import type { Drawing } from '../drawing/drawing.ts'
import type { Model } from '../drawing/model.ts'
import { layOut } from '../layout/layout.ts'
import { renderMermaid } from '../mermaid/mermaid.ts'
import { renderSvg } from '../svg/svg.ts'

/** The text of each file by its name: `socrates_auth.svg`, `socrates_auth.mmd`. */
export type Pictures = ReadonlyMap<string, string>

/** The name of the picture of all databases together. */
const nameOfAll = 'all-databases'

export interface PictureOptions {
  /** The databases whose pictures are wanted, if not all; that of all together needs no name. */
  readonly of?: readonly string[]
  /** What a table came with: the name of the revision that made it. */
  readonly groupOf?: Model['groupOf']
}

/**
 * Draws each database, and all together where there are several. The same schemas give the same bytes.
 * @param schemas those of the whole catalog: references lead from one to another
 */
export async function renderPictures(
  schemas: readonly DatabaseSchema[],
  { of, groupOf = () => undefined }: PictureOptions = {},
): Promise<Pictures> {
  const model: Model = { schemas, references: resolveReferences(schemas).references, groupOf }
  const wanted = schemas.filter(({ database }) => of?.includes(database) ?? true)
  const drawings: readonly (readonly [string, Drawing])[] = [
    ...wanted.map((schema) => [schema.database, drawDatabase(model, schema)] as const),
    ...(schemas.length > 1 ? [[nameOfAll, drawAll(model)] as const] : []),
  ]
  const files = drawings.map(async ([name, drawing]) => [
    [`${name}.svg`, renderSvg(await layOut(drawing))] as const,
    [`${name}.mmd`, renderMermaid(drawing)] as const,
  ])
  return new Map((await Promise.all(files)).flat())
}
