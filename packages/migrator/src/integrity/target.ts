import type { Link } from '@manybase/app-validation'
import { targetAmbiguous, targetUnknown } from './failures.ts'

/** A referenced column, and the links that lead to it. */
export interface ReferencedTarget {
  readonly source: string
  /** `public.users.id` */
  readonly target: string
  readonly links: readonly Link[]
}

/**
 * The referenced column that is meant by `users`, `public.users` or `public.users.id`, with or without its
 * database and a colon before it. Without a name the only one there is.
 * @throws `integrity.target-unknown`, `integrity.target-ambiguous`
 */
export function findReferenced(links: readonly Link[], name?: string): ReferencedTarget {
  const known = referencedBy(links)
  const names = known.map(({ source, target }) => `${source}:${target}`)
  const found = known.filter((each) => name === undefined || namesOf(each).includes(name))
  const [first, ...others] = found
  if (!first) throw targetUnknown({ name: name ?? '', known: names })
  if (others.length > 0) throw targetAmbiguous({ known: names })
  return first
}

function referencedBy(links: readonly Link[]): readonly ReferencedTarget[] {
  const columns = links.flatMap((link) => link.columns.map(({ target }) => ({ link, target })))
  const groups = Map.groupBy(columns, ({ link, target }) => `${link.source}:${target}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const reaching = [...new Set(group.map(({ link }) => link))]
    return [{ source: first.link.source, target: first.target, links: reaching }]
  })
}

function namesOf({ source, target }: ReferencedTarget): readonly string[] {
  const [schema = '', table = ''] = target.split('.')
  const short = [target, `${schema}.${table}`, table]
  return [...short, ...short.map((name) => `${source}:${name}`)]
}
