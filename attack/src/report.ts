import type { AttackReport } from './attack.ts'

/** How many violations are told in full; JSON has all of them. */
const shown = 5

/** The report for people. */
export function renderReport({
  seed,
  seconds,
  guarded,
  announces,
  postgres,
  counts,
  checked,
  violations,
}: AttackReport): string {
  const width = Math.max(...[...Object.keys(counts), ...Object.keys(checked)].map(({ length }) => length))
  const table = (rows: Readonly<Record<string, number>>) =>
    Object.entries(rows).map(([name, count]) => `  ${name.padEnd(width)}  ${count}`)
  const kinds = Object.entries(Object.groupBy(violations, ({ kind }) => kind))
  const verdict =
    violations.length === 0
      ? ['✅ no orphan, no lost row, nobody falsely refused']
      : [
          ...kinds.map(([kind, all]) => `✖ ${kind}: ${all?.length ?? 0}`),
          ...violations
            .slice(0, shown)
            .flatMap(({ what, history }) => ['', what, ...history.map((line) => `    ${line}`)]),
        ]
  return [
    `${guarded ? 'guard, fence and sweep' : 'check-then-write'} under attack for ${seconds} s, seed ${seed}, PostgreSQL ${postgres}`,
    ...(guarded
      ? [announces ? 'deletions wake the sweepers' : 'sweepers look for deletions themselves']
      : []),
    ...table(counts),
    '',
    'checked at the end',
    ...table(checked),
    '',
    ...verdict,
  ].join('\n')
}
