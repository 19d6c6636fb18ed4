import { type App, bodyOf, type Ctx, repoOf } from '../../http/app.ts'
import { unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { pullOf, SCOPE } from '../../pulls/find.ts'
import { askForReview, type Reviewers, withdrawRequests } from '../../pulls/reviewers.ts'
import { type Pull, requestedReviewers, simplePull } from '../../shapes/pulls.ts'
import { teamShape } from '../../shapes/teams.ts'
import { getUser } from '../../store/accounts.ts'
import type { Repository } from '../../store/entities.ts'
import { roleOf } from '../../store/roles.ts'

/** Who is asked for a review of a pull request. */
export function addReviewerRoutes(app: App, hub: Hub): void {
  const path = '/repos/:owner/:repo/pulls/:number/requested_reviewers'

  app.get(path, (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const issue = pullOf(hub, repo, c)
    const { requested_reviewers: users } = requestedReviewers(hub, issue)
    const teams = issue.pull.reviewTeams.flatMap((id) => hub.store.teams.get(id) ?? [])
    return c.json({ users, teams: teams.map((team) => teamShape(hub, team)) })
  })

  app.post(path, async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'triage')
    const issue = pullOf(hub, repo, c)
    await askForReview(hub, repo, c.get('by'), issue, await namedIn(c, repo, issue))
    return c.json(simplePull(hub, repo, issue), 201)
  })

  app.delete(path, async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'triage')
    const issue = pullOf(hub, repo, c)
    await withdrawRequests(hub, repo, c.get('by'), issue, await namedIn(c, repo, issue))
    return c.json(simplePull(hub, repo, issue))
  })

  async function namedIn(c: Ctx, repo: Repository, issue: Pull): Promise<Reviewers> {
    const { reviewers = [], team_reviewers: slugs = [] } =
      await bodyOf<Record<'reviewers' | 'team_reviewers', string[]>>(c)
    const refuse = (what: string) =>
      unprocessable(
        `Reviews may only be requested from collaborators. One or more of the ${what} you specified is not a collaborator of the ${repo.owner}/${repo.name} repository.`,
      )
    const people = reviewers.map((name) => {
      const user = getUser(hub, name)
      if (user?.login === issue.user) throw unprocessable('Review cannot be requested from pull request author.')
      if (!user || roleOf(hub.store, repo, user.login) === 'none') throw refuse('users or teams')
      return user.login
    })
    const teams = slugs.map((slug) => {
      const team = hub.store.teams.find((row) => row.organization === repo.owner && row.slug === slug.toLowerCase())
      if (!team?.repositories.some((each) => each.repo === repo.id)) throw refuse('teams')
      return team
    })
    return { people, teams }
  }
}
