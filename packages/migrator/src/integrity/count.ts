/** `1 row`, `2 rows` */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
