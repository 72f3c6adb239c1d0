import { type Command, InvalidArgumentError, Option } from 'commander'
import { defaultJobs } from '../fleet/bounded.ts'

export interface JobsFlag {
  readonly jobs: number
}

/** Of commands that ask or change many databases. */
export const withJobs = <C extends Command>(command: C): C =>
  command.addOption(
    new Option('--jobs <n>', 'how many databases of a list at once, each on a connection')
      .argParser(atLeastOne('a number of databases'))
      .default(defaultJobs),
  )

/** @param what says what it isn't: `a number of databases` */
export const atLeastOne =
  (what: string) =>
  (text: string): number => {
    if (/^[1-9]\d*$/.test(text)) return Number(text)
    throw new InvalidArgumentError(`It is not ${what}, one or more.`)
  }
