/** A model and an enum of this database, for tests that need any. */
export const sample = { model: 'user', enumeration: 'UserStatus' } as const
