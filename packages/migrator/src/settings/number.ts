import { InvalidArgumentError } from 'commander'

/**
 * Parser of an option that takes a whole number: `lowest` to `highest`, both allowed.
 * @param what says what it isn't: `a port`, `a number of seconds`
 */
export const wholeNumber =
  (what: string, highest: number = Number.MAX_SAFE_INTEGER, lowest = 0) =>
  (text: string): number => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= lowest && number <= highest) return number
    throw new InvalidArgumentError(`It is not ${what}.`)
  }
