import { isAncestor } from '../../git/ancestry.ts'
import { commitTree, git, mergeTree, resolve } from '../../git/git.ts'
import { changeRef } from '../../git/refs.ts'
import { createBareRepository } from '../../git/repositories.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { access } from '../../http/auth.ts'
import { ApiError, invalid, notFound, unprocessable } from '../../http/errors.ts'
import { personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { demandRefChange } from '../../rules/refs.ts'
import { fullRepository } from '../../shapes/repositories.ts'
import { getUser } from '../../store/accounts.ts'
import type { Repository } from '../../store/entities.ts'
import { membershipOf } from '../../store/roles.ts'
import { findRepository } from '../../store/store.ts'
import { toRepositoryName } from './names.ts'

/** Forks, made and brought up to date. */
export function addForkRoutes(app: App, hub: Hub): void {
  const { repositories } = hub.store

  app.post('/repos/:owner/:repo/forks', async (c) => {
    const parent = repoOf(hub, c, 'contents', 'read')
    const login = personOf(c)
    const body = await bodyOf<{ organization: string; name: string; default_branch_only: boolean }>(c)
    const account = body.organization === undefined ? login : organizationFor(login, body.organization)
    if (!(await resolve(parent.gitDir, `refs/heads/${parent.defaultBranch}`))) {
      const message = 'The repository exists, but it contains no Git content. Empty repositories cannot be forked.'
      throw new ApiError(403, message)
    }
    if (parent.private && !parent.settings.allow_forking)
      throw new ApiError(403, 'The repository exists, but forking is disabled.')
    const fork = await hub.lockNames(account, async () => {
      const known = repositories.find((row) => row.parent === parent.id && row.owner === account)
      if (known) return known
      return createBareRepository(hub, `${account}/${freeName(account, body.name ?? parent.name)}`, {
        owner: login,
        private: parent.private,
        parent,
        defaultBranchOnly: body.default_branch_only ?? false,
      })
    })
    return c.json(fullRepository(hub, fork, 'admin'), 202)
  })

  app.post('/repos/:owner/:repo/merge-upstream', async (c) => {
    const fork = repoOf(hub, c, 'contents', 'write')
    const { branch } = await bodyOf<{ branch: string }>(c)
    const parent = fork.parent === undefined ? undefined : repositories.get(fork.parent)
    if (!parent || access(hub, c.get('by'), parent) === 'none') throw unprocessable('The repository is not a fork.')
    const ref = `refs/heads/${branch}`
    return hub.lockRefs(fork, async () => {
      const before = await resolve(fork.gitDir, ref)
      const theirs = await resolve(parent.gitDir, ref)
      if (!before || !theirs) throw notFound()
      await git(fork.gitDir, ['fetch', '-q', '--no-tags', parent.gitDir, theirs])
      const upstream = `${parent.owner}:${branch}`
      const answer = (merge_type: string, message: string) => c.json({ message, merge_type, base_branch: upstream })
      if (await isAncestor(fork.gitDir, theirs, before))
        return answer('none', `This branch is not behind the upstream ${upstream}.`)
      const forward = await isAncestor(fork.gitDir, before, theirs)
      const after = forward ? theirs : await merge(fork, before, theirs, upstream)
      await demandRefChange(hub, fork, c.get('by'), { ref, before, after })
      await changeRef(hub, fork, c.get('by'), { ref, before, after })
      return forward
        ? answer('fast-forward', `Successfully fetched and fast-forwarded from upstream ${upstream}.`)
        : answer('merge', `Successfully fetched and merged from upstream ${upstream}.`)
    })
  })

  async function merge(fork: Repository, ours: string, theirs: string, upstream: string): Promise<string> {
    const tree = await mergeTree(fork.gitDir, ours, theirs)
    if (!tree) throw new ApiError(409, 'There are merge conflicts')
    const message = `Merge branch '${upstream}'`
    return commitTree(fork.gitDir, { tree, parents: [ours, theirs], message })
  }

  function organizationFor(login: string, name: string): string {
    const organization = getUser(hub, name)
    if (organization?.type !== 'Organization' || !membershipOf(hub.store, organization.login, login))
      throw invalid('Fork', 'invalid', 'organization')
    return organization.login
  }

  /** What the account calls otherwise already is numbered. */
  function freeName(account: string, wanted: string): string {
    const name = toRepositoryName(wanted)
    for (let number = 0; ; number++) {
      const candidate = number === 0 ? name : `${name}-${number}`
      if (!findRepository(hub.store, `${account}/${candidate}`)) return candidate
    }
  }
}
