/** What stands at the top of a new script. */
export interface HeaderText {
  readonly title: string
  readonly description?: string | undefined
  readonly revises?: readonly string[] | undefined
  readonly dependsOn?: readonly string[] | undefined
  readonly transaction?: 'none' | undefined
  readonly creates?: readonly string[] | undefined
  readonly database: string
}

/** Renders a header as `readHeader` and `titleOf` read it; empty entries are left out. */
export function renderHeader(header: HeaderText): string {
  const entry = (key: string, values: readonly string[] = []) =>
    values.length > 0 ? [`${key}: ${values.join(', ')}`] : []
  const lines = [
    header.title,
    '',
    ...(header.description ? [...header.description.split(/\r?\n/), ''] : []),
    ...entry('revises', header.revises),
    ...entry('depends-on', header.dependsOn),
    ...entry('transaction', header.transaction && [header.transaction]),
    ...entry('creates', header.creates),
    `database: ${header.database}`,
  ]
  return `${lines.map((line) => `-- ${line}`.trimEnd()).join('\n')}\n`
}
