import type { Permission, ProjectAction, ProjectStanding, TeamAction, TeamStanding } from './policy.ts'

/** What a route asks of its caller, in its `config.access`. A route without is refused at start-up. */
export type Access =
  /** Anybody. */
  | { readonly kind: 'open' }
  /** Whoever knows the secret of the one thing that is asked for; the route looks at it itself. */
  | { readonly kind: 'bearer-of-secret' }
  /** Anybody who is signed in, about himself and his own. */
  | { readonly kind: 'signed-in' }
  /** By what the caller is to the project `:projectId`. */
  | { readonly kind: 'project'; readonly action: ProjectAction }
  /** By what the caller is to the team `:teamId`. */
  | { readonly kind: 'team'; readonly action: TeamAction }
  /** An administrator with a permission. */
  | { readonly kind: 'administrator'; readonly permission: Permission }

export const open: Access = { kind: 'open' }
export const bearerOfSecret: Access = { kind: 'bearer-of-secret' }
export const signedIn: Access = { kind: 'signed-in' }
export const onProject = (action: ProjectAction): Access => ({ kind: 'project', action })
export const administrator = (permission: Permission): Access => ({ kind: 'administrator', permission })
export const onTeam = (action: TeamAction): Access => ({ kind: 'team', action })

export const needsSignIn = ({ kind }: Access): boolean => kind !== 'open' && kind !== 'bearer-of-secret'

/** Who asks. */
export interface Caller {
  readonly userId: string
  /** The family of refresh tokens that the sign-in began. */
  readonly signInId: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Set by the routes' access; see `callerOf`. */
    caller: Caller | null
    projectStanding: ProjectStanding | null
    teamStanding: TeamStanding | null
    adminAssignmentId: string | null
  }
}
