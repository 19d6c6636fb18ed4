import { rm } from 'node:fs/promises'
import { git, resolve } from '../../git/git.ts'
import { type App, bodyOf, type Ctx, repoOf, stated } from '../../http/app.ts'
import { access } from '../../http/auth.ts'
import { ApiError, invalid } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { fullRepository } from '../../shapes/repositories.ts'
import type { Repository } from '../../store/entities.ts'
import { fullName, Table } from '../../store/store.ts'
import { demandFreeName, toRepositoryName } from './names.ts'
import { demandMergeable, type GivenSettings, privacyOf, settingsOf } from './settings.ts'

/** One repository: what it is, changed and deleted. */
export function addRepositoryRoutes(app: App, hub: Hub): void {
  const { repositories } = hub.store

  app.get('/repos/:owner/:repo', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    return c.json(fullRepository(hub, repo, access(hub, c.get('by'), repo)))
  })

  app.patch('/repos/:owner/:repo', async (c) => {
    const repo = administered(c)
    const body = await bodyOf<GivenSettings & { name: string; default_branch: string }>(c)
    if (repo.settings.archived && body.archived !== false)
      throw new ApiError(403, 'Repository was archived so is read-only.')
    const settings = { ...repo.settings, ...settingsOf(body) }
    demandMergeable(settings)
    const isPrivate = privacyOf(body)
    if (isPrivate !== undefined && isPrivate !== repo.private && repo.parent !== undefined) {
      const message = 'For security reasons, you cannot change the visibility of a fork.'
      throw invalid('Repository', 'custom', 'visibility', message)
    }
    if (body.default_branch !== undefined) await useBranch(repo, body.default_branch)
    const name = body.name === undefined ? repo.name : toRepositoryName(body.name)
    if (name !== repo.name) await hub.lockNames(repo.owner, async () => rename(repo, name))
    const changes = stated({ private: isPrivate, defaultBranch: body.default_branch })
    repositories.update(repo, { ...changes, settings, updatedAt: hub.clock.now() })
    return c.json(fullRepository(hub, repo, 'admin'))
  })

  app.delete('/repos/:owner/:repo', async (c) => {
    const repo = administered(c)
    // Its forks go on as those of what it was a fork of.
    for (const fork of repositories.filter(({ parent }) => parent === repo.id))
      repositories.update(fork, { parent: repo.parent })
    for (const table of Object.values(hub.store).filter((each) => each instanceof Table))
      for (const row of rowsOf(table, repo)) table.delete(row.id)
    repositories.delete(repo.id)
    await rm(repo.gitDir, { recursive: true, force: true })
    return c.body(null, 204)
  })

  /** Unlike other changes, those of its settings are open to an archived repository's administrators. */
  function administered(c: Ctx): Repository {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const by = c.get('by')
    if (by.kind === 'anonymous') throw new ApiError(401, 'Requires authentication')
    if (by.kind === 'job') throw new ApiError(403, 'Resource not accessible by integration')
    if (access(hub, by, repo) !== 'admin') throw new ApiError(403, 'Must have admin rights to Repository.')
    return repo
  }

  async function useBranch(repo: Repository, branch: string): Promise<void> {
    if (!(await resolve(repo.gitDir, `refs/heads/${branch}`))) {
      const isEmpty = (await git(repo.gitDir, ['for-each-ref', '--count=1', 'refs/heads'])) === ''
      const message = isEmpty
        ? 'Cannot update default branch for an empty repository. Please init the repository and push first.'
        : `The branch ${branch} was not found. Please push that ref first or create it via the Git Data API.`
      throw invalid('Repository', 'invalid', 'default_branch', message)
    }
    await git(repo.gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`])
  }

  /** The old name leads to the new one until another repository takes it. */
  function rename(repo: Repository, name: string): void {
    if (name.toLowerCase() !== repo.name.toLowerCase()) demandFreeName(hub, repo.owner, name, 'Validation Failed')
    repositories.update(repo, { name, formerNames: [...repo.formerNames, fullName(repo)] })
  }
}

function rowsOf(table: Table<{ readonly id: number }>, repo: Repository): Array<{ readonly id: number }> {
  return table.filter((row) => (row as { repo?: number }).repo === repo.id)
}
