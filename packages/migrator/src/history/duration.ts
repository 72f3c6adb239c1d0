const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads a duration as PostgreSQL writes it, `500ms`, `5s`, `1min`; in milliseconds, undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)?$/.exec(text.trim()) ?? []
  if (number === undefined) return undefined
  // PostgreSQL takes a bare number for milliseconds; here only 0 may stand alone, since 5 is often meant as seconds.
  if (unit === undefined) return Number(number) === 0 ? 0 : undefined
  return Math.round(Number(number) * (units[unit] ?? Number.NaN))
}
