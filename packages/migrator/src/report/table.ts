/** Lines of left-aligned columns; the first row is the header. */
export function renderTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  const [header, ...body] = rows
  if (!header) return []
  return [line(header), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)].map((text) =>
    text.trimEnd(),
  )
}
