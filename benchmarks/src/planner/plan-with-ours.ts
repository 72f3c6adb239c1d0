// Plans a history from its files once, in a process that has planned nothing before: node plan-with-ours.ts FOLDER.
// Prints milliseconds of processor time, of all its threads; loading the program itself is not in them.
import { makeLedger, makeState, planUpgrade, readHistory } from '@manybase/migrator'

const name = 'bench'
const spent = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const begin = spent()
const history = readHistory({ name, migrations: process.argv[2] ?? '' })
const read = spent()
const plan = planUpgrade([makeState(history, makeLedger(name, []))], new Set([name]))
const end = spent()
const steps = plan.kind === 'steps' ? plan.steps.length : 0
process.stdout.write(JSON.stringify({ steps, read: read - begin, plan: end - read }))
