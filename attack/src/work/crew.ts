import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { killProcess } from '../place/server.ts'
import { isAnswered, type Outcome, type Setting, settingVariable, type Task } from '../worker/messages.ts'

/** Processes that write. One that is killed leaves its tasks unknown, and another takes its place. */
export interface Crew {
  ask(task: Task): Promise<Outcome>
  /** kill -9 */
  kill(which: number): void
  stop(): Promise<void>
}

interface Member {
  child: ChildProcess
  readonly waiting: Map<number, (outcome: Outcome) => void>
}

const program = new URL('../worker/main.ts', import.meta.url)
/** Longer than any task may take by itself. */
const patience = 60_000

export function makeCrew(size: number, setting: Setting): Crew {
  let stopping = false
  let number = 0
  const hire = (): Member => {
    const member: Member = { child: start(setting), waiting: new Map() }
    const listen = ({ child }: Member) => {
      child.on('message', (message) => {
        if (isAnswered(message)) settle(member, message.number, message.outcome)
      })
      child.once('exit', () => {
        for (const each of [...member.waiting.keys()])
          settle(member, each, { kind: 'lost', why: 'worker killed' })
        if (stopping) return
        member.child = start(setting)
        listen(member)
      })
    }
    listen(member)
    return member
  }
  const settle = ({ waiting }: Member, which: number, outcome: Outcome) => {
    waiting.get(which)?.(outcome)
    waiting.delete(which)
  }
  const members = Array.from({ length: size }, hire)
  return {
    ask: (task) => {
      number += 1
      const mine = number
      const member = members[mine % size]
      if (!member) throw new TypeError('a crew has members')
      return new Promise((resolve) => {
        const timer = setTimeout(() => settle(member, mine, { kind: 'lost', why: 'no answer' }), patience)
        member.waiting.set(mine, (outcome) => {
          clearTimeout(timer)
          resolve(outcome)
        })
        member.child.send({ number: mine, task }, (error) => {
          if (error) settle(member, mine, { kind: 'lost', why: 'worker killed' })
        })
      })
    },
    kill: (which) => {
      const pid = members[which % size]?.child.pid
      if (pid !== undefined) killProcess(pid)
    },
    stop: async () => {
      stopping = true
      await Promise.all(
        members.map(async ({ child }) => {
          if (child.exitCode !== null || child.signalCode !== null) return
          child.kill('SIGKILL')
          await once(child, 'exit')
        }),
      )
    },
  }
}

const start = (setting: Setting): ChildProcess => {
  const child = fork(program, {
    env: { ...process.env, [settingVariable]: JSON.stringify(setting) },
    stdio: 'ignore',
  })
  child.on('error', () => {})
  return child
}
