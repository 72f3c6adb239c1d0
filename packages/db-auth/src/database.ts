/** Which database this package owns: its name, and the variable that holds its URL. */
export const database = {
  name: 'socrates_auth',
  urlVariable: 'DATABASE_URL_AUTH',
} as const
