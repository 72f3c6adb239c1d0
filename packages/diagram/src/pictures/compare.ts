import { type Finding, firstDifference } from '@manybase/app-validation'
import { mermaidMarker } from '../mermaid/mermaid.ts'
import { svgMarker } from '../svg/svg.ts'
import { missingPicture, obsoletePicture, stalePicture } from './findings.ts'
import type { Pictures } from './pictures.ts'

/** What separates the pictures on disk from those that the schemas give. What people drew is left alone. */
export function comparePictures(wanted: Pictures, found: Pictures, directory: string): readonly Finding[] {
  const at = (name: string, line: number) => ({ file: `${directory}/${name}`, line, column: 1 })
  return [
    ...[...wanted].flatMap(([name, text]): readonly Finding[] => {
      const present = found.get(name)
      if (present === undefined) return [missingPicture(at(name, 1), { name })]
      return present === text ? [] : [stalePicture(at(name, firstDifference(present, text)), { name })]
    }),
    ...obsoletePictures(wanted, found).map((name) => obsoletePicture(at(name, 1), { name })),
  ]
}

/** Generated pictures whose database is gone. */
export const obsoletePictures = (wanted: Pictures, found: Pictures): readonly string[] =>
  [...found].flatMap(([name, text]) => (!wanted.has(name) && isGenerated(text) ? name : []))

const isGenerated = (text: string): boolean => text.startsWith(svgMarker) || text.startsWith(mermaidMarker)
