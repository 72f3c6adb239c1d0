import type { Link, Scan } from '@manybase/app-validation'
import type { Progress } from '../report/progress.ts'
import type { OpenSide } from './links.ts'
import { describeProgress } from './scan-report.ts'

/** Scans one link after the other, and shows how far it is. */
export async function scanLinks(
  links: readonly Link[],
  open: OpenSide,
  progress: Progress | undefined,
  examples?: number,
): Promise<readonly (Scan & { readonly milliseconds: number })[]> {
  const app = await import('@manybase/app-validation')
  const scans = []
  for (const link of links) {
    const found = await shown(progress, link, async (tell, start) => {
      const onProgress = (how: Parameters<typeof describeProgress>[0]) =>
        tell(describeProgress(how, performance.now() - start))
      const options = { onProgress, ...(examples !== undefined && { examples }) }
      const scan = await app.scan((side) => open(link, side), link, options)
      return { ...scan, milliseconds: Math.round(performance.now() - start) }
    })
    scans.push(found)
  }
  return scans
}

/** Shows a link under its name as long as `work` lasts. */
export async function shown<T>(
  progress: Progress | undefined,
  { referencing, source }: Link,
  work: (tell: (how: string) => void, start: number) => Promise<T>,
): Promise<T> {
  const name = `${referencing} after ${source}`
  progress?.start(name)
  try {
    return await work((how) => progress?.tell(name, how), performance.now())
  } finally {
    progress?.end(name)
  }
}
