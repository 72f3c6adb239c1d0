export { hashPassword, hashPasswordSync, verifyPassword } from './password.ts'
