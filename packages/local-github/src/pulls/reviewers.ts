import { ownersOf, readCodeowners } from '../git/codeowners.ts'
import { changedPaths } from '../git/git.ts'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { record } from '../issues/history.ts'
import { emitPull } from '../scheduler/pull-events.ts'
import { simpleUser } from '../shapes/common.ts'
import type { Pull } from '../shapes/pulls.ts'
import { teamShape } from '../shapes/teams.ts'
import { getUser } from '../store/accounts.ts'
import type { Repository, Team } from '../store/entities.ts'
import { covers, roleOf } from '../store/roles.ts'
import { mergeBase } from './facts.ts'
import { updatePull } from './lifecycle.ts'

/** People by login, teams by row. */
export interface Reviewers {
  people: readonly string[]
  teams: readonly Team[]
}

/** Asks those for a review who were not asked yet. */
export async function askForReview(hub: Hub, repo: Repository, by: Principal, issue: Pull, asked: Reviewers) {
  for (const reviewer of asked.people.filter((login) => !issue.pull.reviewers.includes(login))) {
    updatePull(hub, issue, { reviewers: [...issue.pull.reviewers, reviewer] })
    record(hub, by, issue, 'review_requested', { reviewer })
    const details = { requested_reviewer: simpleUser(hub, reviewer) }
    await emitPull(hub, repo, by, issue, 'review_requested', details)
  }
  for (const team of asked.teams.filter(({ id }) => !issue.pull.reviewTeams.includes(id))) {
    updatePull(hub, issue, { reviewTeams: [...issue.pull.reviewTeams, team.id] })
    record(hub, by, issue, 'review_requested', { team: team.id })
    await emitPull(hub, repo, by, issue, 'review_requested', { requested_team: teamShape(hub, team) })
  }
}

/** Takes requests back. */
export async function withdrawRequests(hub: Hub, repo: Repository, by: Principal, issue: Pull, asked: Reviewers) {
  for (const reviewer of asked.people.filter((login) => issue.pull.reviewers.includes(login))) {
    updatePull(hub, issue, { reviewers: issue.pull.reviewers.filter((login) => login !== reviewer) })
    record(hub, by, issue, 'review_request_removed', { reviewer })
    const details = { requested_reviewer: simpleUser(hub, reviewer) }
    await emitPull(hub, repo, by, issue, 'review_request_removed', details)
  }
  for (const team of asked.teams.filter(({ id }) => issue.pull.reviewTeams.includes(id))) {
    updatePull(hub, issue, { reviewTeams: issue.pull.reviewTeams.filter((id) => id !== team.id) })
    record(hub, by, issue, 'review_request_removed', { team: team.id })
    await emitPull(hub, repo, by, issue, 'review_request_removed', { requested_team: teamShape(hub, team) })
  }
}

/** Asks the owners of what a pull request changes, as CODEOWNERS of its base names them; nobody for a draft. */
export async function askOwners(hub: Hub, repo: Repository, by: Principal, issue: Pull): Promise<void> {
  if (issue.pull.draft || issue.state === 'closed') return
  const owners = await readCodeowners(repo.gitDir, issue.pull.baseSha)
  if (!owners) return
  const paths = await changedPaths(repo.gitDir, await mergeBase(repo, issue), issue.pull.headSha)
  const names = new Set(paths.flatMap((path) => ownersOf(owners, path)))
  // Who has given a review already is not asked once more.
  const reviewed = new Set(hub.store.reviews.filter((row) => row.issue === issue.id).map(({ user }) => user))
  const people: string[] = []
  const teams: Team[] = []
  for (const name of names) {
    const team = teamNamed(hub, name)
    const user = getUser(hub, name.replace(/^@/, ''))
    if (team && teamMayWrite(team, repo)) teams.push(team)
    else if (user && user.login !== issue.user && !reviewed.has(user.login) && mayWrite(hub, repo, user.login))
      people.push(user.login)
  }
  await askForReview(hub, repo, by, issue, { people, teams })
}

function teamNamed({ store }: Hub, name: string): Team | undefined {
  const [, organization, slug] = /^@([^/]+)\/(.+)$/.exec(name)?.map((part) => part.toLowerCase()) ?? []
  return store.teams.find((row) => row.organization.toLowerCase() === organization && row.slug === slug)
}

// Owners must be able to write; the others' lines are no use.
const mayWrite = (hub: Hub, repo: Repository, login: string) => covers(roleOf(hub.store, repo, login), 'write')

const teamMayWrite = (team: Team, repo: Repository) =>
  covers(team.repositories.find((each) => each.repo === repo.id)?.role ?? 'none', 'write')
