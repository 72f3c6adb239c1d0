export { refuseSharedSession } from './refuse-shared-session.ts'
