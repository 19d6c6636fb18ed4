import type { Hub } from '../hub.ts'
import type { Environment, Repository, Run } from '../store/entities.ts'
import { teamsOf } from '../store/roles.ts'
import { matchesGlob } from './glob.ts'

/** The environment of that name, however its letters are cased. */
export function findEnvironment({ store }: Hub, repo: Repository, name: string): Environment | undefined {
  const wanted = name.toLowerCase()
  return store.environments.find((row) => row.repo === repo.id && row.name.toLowerCase() === wanted)
}

/** The same; GitHub makes one, without protection, when a workflow or a deployment names it first. */
export function ensureEnvironment(hub: Hub, repo: Repository, name: string): Environment {
  const known = findEnvironment(hub, repo, name)
  if (known) return known
  const at = hub.clock.now()
  return hub.store.environments.insert({
    repo: repo.id,
    name,
    reviewers: [],
    preventSelfReview: false,
    waitTimer: 0,
    branchPolicy: null,
    createdAt: at,
    updatedAt: at,
  })
}

/** Whether a person is one of those who may approve, alone or in a team. */
export function isReviewer({ store }: Hub, environment: Environment, login: string): boolean {
  const user = store.users.find((row) => row.login === login)
  const { owner } = store.repositories.get(environment.repo)!
  const teams = teamsOf(store, owner, login)
  return environment.reviewers.some(({ type, id }) =>
    type === 'User' ? id === user?.id : teams.some((team) => team.id === id),
  )
}

/** Why this run's ref may not deploy to the environment, if it may not. */
export function refusedByPolicy(hub: Hub, environment: Environment, run: Run): string | undefined {
  const name = run.ref.replace(/^refs\/(heads|tags)\//, '')
  if (mayDeploy(hub, environment, run.ref, name)) return undefined
  const kind = run.ref.startsWith('refs/tags/') ? 'Tag' : 'Branch'
  return `${kind} "${name}" is not allowed to deploy to ${environment.name} due to environment protection rules.`
}

function mayDeploy({ store }: Hub, { id, repo, branchPolicy }: Environment, ref: string, name: string): boolean {
  if (branchPolicy === null) return true
  const isTag = ref.startsWith('refs/tags/')
  if (branchPolicy === 'custom') {
    const type = isTag ? 'tag' : 'branch'
    const policies = store.deploymentBranchPolicies.filter((row) => row.environment === id && row.type === type)
    return policies.some((policy) => matchesGlob(policy.name, name))
  }
  const protections = store.branchProtections.filter((row) => row.repo === repo)
  // Where no branch is protected, GitHub lets every branch deploy.
  return !isTag && (protections.length === 0 || protections.some(({ branch }) => branch === name))
}
