import { readFileSync } from 'node:fs'
import { resourceUsage } from 'node:process'
import { scanOnce } from './session.ts'

const { BENCH_URL_AUTH: auth, BENCH_URL_SPECS: specs } = process.env
if (auth === undefined || specs === undefined) throw new Error('the databases have to be named')

await scanOnce({ auth, specs })
process.stdout.write(String(peakKibibytes()))

/** Where the kernel tells it of the program alone: what counts as used may have been its parent's. */
function peakKibibytes(): number {
  if (process.platform !== 'linux') return resourceUsage().maxRSS
  const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return Number(peak)
}
