import { getRef } from '../../git/git.ts'
import { type App, bodyOf, type Ctx, repoOf } from '../../http/app.ts'
import { may } from '../../http/auth.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { protectionOf } from '../../rules/sources.ts'
import { protectionShape, switchShape } from '../../shapes/branches.ts'
import type { BranchProtection, Repository } from '../../store/entities.ts'
import { actorsOf, checksOf, type GivenActors, type GivenChecks, type GivenReviews, reviewsOf } from './given.ts'

export const PROTECTION = '/repos/:owner/:repo/branches/:branch{.+}/protection'

interface GivenProtection {
  required_status_checks: GivenChecks | null
  enforce_admins: boolean | null
  required_pull_request_reviews: GivenReviews | null
  restrictions: GivenActors | null
  required_linear_history?: boolean
  allow_force_pushes?: boolean | null
  allow_deletions?: boolean
  block_creations?: boolean
  required_conversation_resolution?: boolean
  lock_branch?: boolean
  allow_fork_syncing?: boolean
}

/** Repository and branch of the path, for who administers the repository. */
export async function protectedBranch(hub: Hub, c: Ctx): Promise<{ repo: Repository; branch: string }> {
  const repo = repoOf(hub, c, 'administration', c.req.method === 'GET' ? 'read' : 'write')
  if (!may(hub, c.get('by'), repo, 'admin')) throw notFound()
  const branch = c.req.param('branch')!
  if (!(await getRef(repo.gitDir, `refs/heads/${branch}`))) throw new ApiError(404, 'Branch not found')
  return { repo, branch }
}

/** The same with the branch's protection, which must be there. */
export async function protectionAt(hub: Hub, c: Ctx): Promise<{ repo: Repository; protection: BranchProtection }> {
  const { repo, branch } = await protectedBranch(hub, c)
  const protection = protectionOf(hub, repo, `refs/heads/${branch}`)
  if (!protection) throw new ApiError(404, 'Branch not protected')
  return { repo, protection }
}

/** Classic protection of a branch as a whole, and its parts that are on or off. */
export function addProtectionRoutes(app: App, hub: Hub): void {
  const { branchProtections } = hub.store

  app.get(PROTECTION, async (c) => {
    const { repo, protection } = await protectionAt(hub, c)
    return c.json(protectionShape(hub, repo, protection))
  })

  app.put(PROTECTION, async (c) => {
    const { repo, branch } = await protectedBranch(hub, c)
    const given = (await bodyOf<GivenProtection>(c)) as GivenProtection
    const { required_status_checks: checks, required_pull_request_reviews: reviews, restrictions } = given
    const before = protectionOf(hub, repo, `refs/heads/${branch}`)
    const settings = {
      checks: checks && checksOf(checks, null),
      reviews: reviews && reviewsOf(hub, repo, reviews, null),
      restrictions: restrictions && actorsOf(hub, repo, restrictions),
      enforceAdmins: given.enforce_admins ?? false,
      linearHistory: given.required_linear_history ?? false,
      forcePushes: given.allow_force_pushes ?? false,
      deletions: given.allow_deletions ?? false,
      blockCreations: given.block_creations ?? false,
      conversationResolution: given.required_conversation_resolution ?? false,
      lockBranch: given.lock_branch ?? false,
      forkSyncing: given.allow_fork_syncing ?? false,
    }
    const row = before
      ? branchProtections.update(before, settings)
      : branchProtections.insert({ repo: repo.id, branch, signatures: false, ...settings })
    return c.json(protectionShape(hub, repo, row))
  })

  app.delete(PROTECTION, async (c) => {
    branchProtections.delete((await protectionAt(hub, c)).protection.id)
    return c.body(null, 204)
  })

  for (const [name, key] of [
    ['enforce_admins', 'enforceAdmins'],
    ['required_signatures', 'signatures'],
  ] as const) {
    app.get(`${PROTECTION}/${name}`, async (c) => {
      const { repo, protection } = await protectionAt(hub, c)
      return c.json(switchShape(hub, repo, protection.branch, name, protection[key]))
    })

    app.post(`${PROTECTION}/${name}`, async (c) => {
      const { repo, protection } = await protectionAt(hub, c)
      branchProtections.update(protection, { [key]: true })
      return c.json(switchShape(hub, repo, protection.branch, name, true))
    })

    app.delete(`${PROTECTION}/${name}`, async (c) => {
      branchProtections.update((await protectionAt(hub, c)).protection, { [key]: false })
      return c.body(null, 204)
    })
  }
}
