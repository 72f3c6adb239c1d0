import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Makes `spawn(script, …)` in this process start `node script …`, for exactly this script. Windows cannot start
 * a script by its `#!` line, and the Prisma CLI spawns whatever path it is given, without a shell.
 */
export function spawnThroughNode(script: string): void {
  childProcess.spawn = new Proxy(childProcess.spawn, {
    apply(spawn, self, [command, args, ...rest]: unknown[]) {
      if (command !== script) return Reflect.apply(spawn, self, [command, args, ...rest])
      return Array.isArray(args)
        ? Reflect.apply(spawn, self, [process.execPath, [script, ...args], ...rest])
        : Reflect.apply(spawn, self, [process.execPath, [script], args, ...rest])
    },
  })
  syncBuiltinESMExports()
}
