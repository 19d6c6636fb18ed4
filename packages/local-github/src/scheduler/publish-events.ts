import { resolve, ZERO_SHA } from '../git/git.ts'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { deploymentShape, deploymentStatusShape } from '../shapes/deployments.ts'
import { releaseShape } from '../shapes/releases.ts'
import type { Deployment, DeploymentStatus, Release, Repository } from '../store/entities.ts'
import type { GitHubEvent } from './events.ts'

/** What happened to a release; undefined where its tag is gone, as no commit could be run then. */
export async function releaseEvent(
  hub: Hub,
  repo: Repository,
  by: Principal,
  release: Release,
  action: string,
  changes?: Record<string, { from: string }>,
): Promise<GitHubEvent | undefined> {
  const sha = await resolve(repo.gitDir, `refs/tags/${release.tag}`)
  if (!sha) return undefined
  return {
    name: 'release',
    action,
    repo,
    by,
    payload: { release: releaseShape(hub, repo, release), ...(changes ? { changes } : {}) },
    ref: `refs/tags/${release.tag}`,
    sha,
    headSha: sha,
    headBranch: release.tag,
  }
}

export async function deploymentEvent(
  hub: Hub,
  repo: Repository,
  by: Principal,
  deployment: Deployment,
  status?: DeploymentStatus,
): Promise<GitHubEvent> {
  const { sha, ref: given } = deployment
  const ref = await fullRef(repo, given)
  return {
    name: status ? 'deployment_status' : 'deployment',
    action: 'created',
    repo,
    by,
    payload: {
      ...(status ? { deployment_status: deploymentStatusShape(hub, repo, status), check_run: null } : {}),
      deployment: deploymentShape(hub, repo, deployment),
      workflow: null,
      workflow_run: null,
    },
    ref,
    sha,
    headSha: sha,
    headBranch: ref === '' ? null : given,
  }
}

/** The full name of a branch or tag; empty for what is neither. */
async function fullRef(repo: Repository, name: string): Promise<string> {
  for (const ref of [`refs/heads/${name}`, `refs/tags/${name}`]) if (await resolve(repo.gitDir, ref)) return ref
  return ''
}

/** A branch or tag was made or deleted; a deletion is for the default branch, as the ref is gone. */
export async function refEvent(
  repo: Repository,
  by: Principal,
  update: { ref: string; before: string; after: string },
): Promise<GitHubEvent | undefined> {
  const { ref, before, after } = update
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? []
  const created = before === ZERO_SHA
  if (name === undefined || (!created && after !== ZERO_SHA)) return undefined
  const at = created ? ref : `refs/heads/${repo.defaultBranch}`
  const sha = await resolve(repo.gitDir, at)
  if (!sha) return undefined
  return {
    name: created ? 'create' : 'delete',
    repo,
    by,
    payload: {
      ref: name,
      ref_type: kind === 'heads' ? 'branch' : 'tag',
      ...(created ? { master_branch: repo.defaultBranch, description: repo.settings.description } : {}),
      pusher_type: 'user',
    },
    ref: at,
    sha,
    headSha: sha,
    headBranch: created ? name : repo.defaultBranch,
  }
}
