import { type App, bodyOf, type Ctx } from '../../http/app.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import {
  appsShape,
  checksShape,
  restrictionsShape,
  reviewsShape,
  teamsShape,
  usersShape,
} from '../../shapes/branches.ts'
import type { Actors, Repository, RequiredCheck } from '../../store/entities.ts'
import { actorsOf, checksOf, type GivenActors, type GivenChecks, type GivenReviews, reviewsOf } from './given.ts'
import { PROTECTION, protectionAt } from './protection.ts'

const CHECKS = `${PROTECTION}/required_status_checks`
const REVIEWS = `${PROTECTION}/required_pull_request_reviews`
const RESTRICTIONS = `${PROTECTION}/restrictions`

/** What a branch's protection requires: checks, reviews, and to be one of those who may push. */
export function addRequirementRoutes(app: App, hub: Hub): void {
  const { branchProtections } = hub.store
  addContextRoutes(app, hub)
  addAllowedRoutes(app, hub)

  app.get(CHECKS, async (c) => {
    const { repo, protection } = await protectionAt(hub, c)
    if (!protection.checks) throw new ApiError(404, 'Required status checks not enabled')
    return c.json(checksShape(hub, repo, protection))
  })

  app.patch(CHECKS, async (c) => {
    const { repo, protection } = await protectionAt(hub, c)
    branchProtections.update(protection, { checks: checksOf(await bodyOf<GivenChecks>(c), protection.checks) })
    return c.json(checksShape(hub, repo, protection))
  })

  app.get(REVIEWS, async (c) => {
    const { repo, protection } = await protectionAt(hub, c)
    if (!protection.reviews) throw notFound()
    return c.json(reviewsShape(hub, repo, protection))
  })

  app.patch(REVIEWS, async (c) => {
    const { repo, protection } = await protectionAt(hub, c)
    const given = await bodyOf<GivenReviews>(c)
    branchProtections.update(protection, { reviews: reviewsOf(hub, repo, given, protection.reviews) })
    return c.json(reviewsShape(hub, repo, protection))
  })

  app.get(RESTRICTIONS, async (c) => {
    const { repo, protection } = await protectionAt(hub, c)
    if (!protection.restrictions) throw new ApiError(404, 'Push restrictions not enabled')
    return c.json(restrictionsShape(hub, repo, protection))
  })

  for (const [path, key] of [
    [CHECKS, 'checks'],
    [REVIEWS, 'reviews'],
    [RESTRICTIONS, 'restrictions'],
  ] as const) {
    app.delete(path, async (c) => {
      const { protection } = await protectionAt(hub, c)
      if (!protection[key]) throw notFound()
      branchProtections.update(protection, { [key]: null })
      return c.body(null, 204)
    })
  }
}

type Combine = (old: readonly string[], given: readonly string[]) => string[]

const COMBINE: Record<'post' | 'put' | 'delete', Combine> = {
  post: (old, given) => [...new Set([...old, ...given])],
  put: (_old, given) => [...new Set(given)],
  delete: (old, given) => old.filter((each) => !given.includes(each)),
}

const METHODS = ['post', 'put', 'delete'] as const

/** A list of names is sent plain, or as the member of that name. */
async function namesOf(c: Ctx, member: string): Promise<string[]> {
  const body: unknown = await bodyOf(c)
  return (Array.isArray(body) ? body : ((body as Record<string, string[]>)[member] ?? [])) as string[]
}

function addContextRoutes(app: App, hub: Hub): void {
  const contextsAt = async (c: Ctx) => {
    const { protection } = await protectionAt(hub, c)
    if (!protection.checks) throw new ApiError(404, 'Required status checks not enabled')
    return { protection, checks: protection.checks }
  }
  const contextsOf = (required: readonly RequiredCheck[]) => required.map(({ context }) => context)

  app.get(`${CHECKS}/contexts`, async (c) => c.json(contextsOf((await contextsAt(c)).checks.required)))

  for (const method of METHODS) {
    app[method](`${CHECKS}/contexts`, async (c) => {
      const { protection, checks } = await contextsAt(c)
      const names = COMBINE[method](contextsOf(checks.required), await namesOf(c, 'contexts'))
      const required = names.map(
        (context) => checks.required.find((each) => each.context === context) ?? { context, app_id: null },
      )
      hub.store.branchProtections.update(protection, { checks: { ...checks, required } })
      return c.json(names)
    })
  }
}

/** Who may push: people, teams and apps, one list each. */
function addAllowedRoutes(app: App, hub: Hub): void {
  const shapes = {
    users: (_repo: Repository, actors: Actors) => usersShape(hub, actors) as object[],
    teams: (repo: Repository, actors: Actors) => teamsShape(hub, repo, actors) as object[],
    apps: (_repo: Repository, actors: Actors) => appsShape(hub, actors) as object[],
  }
  const allowedAt = async (c: Ctx) => {
    const { repo, protection } = await protectionAt(hub, c)
    if (!protection.restrictions) throw new ApiError(404, 'Push restrictions not enabled')
    return { repo, protection, restrictions: protection.restrictions }
  }
  for (const kind of ['users', 'teams', 'apps'] as const) {
    app.get(`${RESTRICTIONS}/${kind}`, async (c) => {
      const { repo, restrictions } = await allowedAt(c)
      return c.json(shapes[kind](repo, restrictions))
    })

    for (const method of METHODS) {
      app[method](`${RESTRICTIONS}/${kind}`, async (c) => {
        const { repo, protection, restrictions } = await allowedAt(c)
        const names = COMBINE[method](restrictions[kind], await namesOf(c, kind))
        const changed = actorsOf(hub, repo, { ...restrictions, [kind]: names } as GivenActors)
        hub.store.branchProtections.update(protection, { restrictions: changed })
        return c.json(shapes[kind](repo, changed))
      })
    }
  }
}
