import { delimiter, dirname } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { packageManager, plainEnvironment } from './environment.ts'

describe('the environment of what is measured', () => {
  test('has what programs need and nothing of the package manager around', () => {
    const around = {
      PATH: '/bin',
      HOME: '/home/a',
      pnpm_config_verify_deps_before_run: 'false',
      NODE_OPTIONS: '-r x',
    }
    expect(plainEnvironment(around)).toEqual({
      PATH: [dirname(process.execPath), '/bin'].join(delimiter),
      HOME: '/home/a',
    })
  })
})

describe('the package manager', () => {
  test('is the one that runs the benchmark', () => {
    expect(packageManager({ npm_execpath: '/opt/pnpm/pnpm' })).toEqual(['/opt/pnpm/pnpm'])
  })

  test('that is a script needs Node', () => {
    expect(packageManager({ npm_execpath: '/opt/pnpm/bin/pnpm.cjs' })).toEqual([
      process.execPath,
      '/opt/pnpm/bin/pnpm.cjs',
    ])
  })

  test('is looked for on the PATH when another one or none runs it', () => {
    expect(packageManager({ npm_execpath: '/usr/lib/npm-cli.js' })).toEqual(['pnpm'])
    expect(packageManager({})).toEqual(['pnpm'])
  })
})
