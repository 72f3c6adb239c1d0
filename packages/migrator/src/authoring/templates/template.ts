/** A script to begin with. A placeholder is `<name>`, which PostgreSQL refuses until somebody has filled it in. */
export interface Template {
  readonly summary: string
  readonly up: string
  readonly down: string
  /** A `data.sql` beside the script. */
  readonly data?: string
  /** A second revision, which needs that the data migration of the first is complete. */
  readonly afterData?: {
    /** What follows the first one's title. */
    readonly title: string
    readonly transaction?: 'none'
    readonly up: string
    readonly down: string
  }
}

const placeholder = /<([a-z]+(?:_[a-z]+)*)>/g

/** Names of a template's placeholders, in their order. */
export const placeholdersOf = ({ up, down, data = '', afterData }: Template): readonly string[] => {
  const text = [up, down, data, afterData?.up, afterData?.down].join('')
  return [...new Set([...text.matchAll(placeholder)].map(([, name = '']) => name))]
}

/** Puts values for placeholders; those without one stay. */
export function fill(template: Template, values: ReadonlyMap<string, string>): Template {
  const put = (text: string) => text.replaceAll(placeholder, (whole, name) => values.get(name) ?? whole)
  const { up, down, data, afterData } = template
  return {
    ...template,
    up: put(up),
    down: put(down),
    ...(data !== undefined && { data: put(data) }),
    ...(afterData && { afterData: { ...afterData, up: put(afterData.up), down: put(afterData.down) } }),
  }
}
