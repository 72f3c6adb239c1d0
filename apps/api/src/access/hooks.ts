import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../problems/problem.ts'
import type { Services } from '../services.ts'
import { type Access, type Caller, needsSignIn } from './access.ts'
import { authenticate } from './authenticate.ts'
import { findAssignment, findProjectStanding, findTeamStanding } from './facts.ts'
import {
  type Decision,
  decideOnProject,
  decideOnTeam,
  type ProjectStanding,
  type TeamStanding,
} from './policy.ts'

/**
 * Asks of every request what its route says. Who isn't signed in is refused before the body is read; what he may is
 * looked up once the ids in the path are known to be ids.
 */
export function enforceAccess(app: FastifyInstance, services: Services): void {
  app.decorateRequest('caller', null)
  app.decorateRequest('projectStanding', null)
  app.decorateRequest('teamStanding', null)
  app.decorateRequest('adminAssignmentId', null)
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.access === undefined) throw new TypeError(`the route ${url} doesn't say who may use it`)
  })
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access
    if (access && needsSignIn(access)) request.caller = await authenticate(services, request)
  })
  app.addHook('preHandler', async (request) => {
    const access = request.routeOptions.config.access
    if (access && request.caller) await decide(services, request, request.caller, access)
  })
}

async function decide(
  { auth, specs }: Services,
  request: FastifyRequest,
  { userId }: Caller,
  access: Access,
): Promise<void> {
  if (access.kind === 'project') {
    const standing = await findProjectStanding(specs, idIn(request, 'projectId'), userId)
    refuseUnless(decideOnProject(standing, access.action), 'project')
    request.projectStanding = standing ?? null
  }
  if (access.kind === 'team') {
    const standing = await findTeamStanding(specs, idIn(request, 'teamId'), userId)
    refuseUnless(decideOnTeam(standing, access.action), 'team')
    request.teamStanding = standing ?? null
  }
  if (access.kind === 'administrator') {
    const assignment = await findAssignment(auth, userId, access.permission)
    if (assignment === undefined) throw new Refusal('forbidden', 'It takes an administrator’s permission.')
    request.adminAssignmentId = assignment
  }
}

function refuseUnless(decision: Decision, noun: string): void {
  if (decision === 'hide') throw new Refusal('not-found', `There is no such ${noun}.`)
  if (decision === 'forbid') throw new Refusal('forbidden', `You may look at this ${noun}, but not do this.`)
}

function idIn({ params }: FastifyRequest, name: string): string {
  const id: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined
  if (typeof id !== 'string') throw new TypeError(`the route has no parameter ${name}`)
  return id
}

/** Who asks, on a route that takes signing in. */
export function callerOf({ caller, routeOptions }: FastifyRequest): Caller {
  if (!caller) throw new TypeError(`the route ${routeOptions.url} takes no signing in`)
  return caller
}

/** What the caller is to the project in the path. */
export function projectStandingOf({ projectStanding, routeOptions }: FastifyRequest): ProjectStanding {
  if (!projectStanding) throw new TypeError(`the route ${routeOptions.url} is of no project`)
  return projectStanding
}

/** The assignment under which the caller acts, for the trail. */
export function assignmentOf({ adminAssignmentId, routeOptions }: FastifyRequest): string {
  if (!adminAssignmentId) throw new TypeError(`the route ${routeOptions.url} is no administrator’s`)
  return adminAssignmentId
}

/** What the caller is to the team in the path. */
export function teamStandingOf({ teamStanding, routeOptions }: FastifyRequest): TeamStanding {
  if (!teamStanding) throw new TypeError(`the route ${routeOptions.url} is of no team`)
  return teamStanding
}
