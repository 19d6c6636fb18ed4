import { isAncestor } from '../../git/ancestry.ts'
import { commitShape, readCommit } from '../../git/commits.ts'
import { commitTree, getRef, git, listRefs, mergeTree, resolve, ZERO_SHA } from '../../git/git.ts'
import { journaled } from '../../git/journal.ts'
import { GITHUB, personNamed } from '../../git/people.ts'
import { isRefName } from '../../git/ref-names.ts'
import { updateRef } from '../../git/ref-updates.ts'
import { announce, changeRef, stateBefore } from '../../git/refs.ts'
import { signPayload } from '../../git/signing.ts'
import { type App, bodyOf, page, repoOf } from '../../http/app.ts'
import { actor, demand, may } from '../../http/auth.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { updatePull } from '../../pulls/lifecycle.ts'
import { demandRefChange } from '../../rules/refs.ts'
import { protectionOf, rulesetsFor } from '../../rules/sources.ts'
import { branchApi, checksShape } from '../../shapes/branches.ts'
import { repoApi, repoHtml } from '../../shapes/common.ts'
import type { Pull } from '../../shapes/pulls.ts'
import type { Repository } from '../../store/entities.ts'

/** Branches as a whole, and merges of one into another without a pull request. */
export function addBranchRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/branches', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const all = (await listRefs(repo.gitDir, 'refs/heads/')).map(({ ref, sha }) => ({
      name: ref.slice('refs/heads/'.length),
      sha,
      protected: isProtected(repo, ref),
    }))
    const wanted = c.req.query('protected')
    const branches = wanted === undefined ? all : all.filter((each) => String(each.protected) === wanted)
    return c.json(
      page(c, branches).map(({ name, sha, protected: held }) => ({
        name,
        commit: { sha, url: `${repoApi(hub, repo)}/commits/${sha}` },
        protected: held,
        protection: protectionSummary(repo, name),
        protection_url: `${branchApi(hub, repo, name)}/protection`,
      })),
    )
  })

  app.post('/repos/:owner/:repo/branches/:branch{.+}/rename', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const by = c.get('by')
    const name = c.req.param('branch')
    const { new_name: wanted = '' } = await bodyOf<{ new_name: string }>(c)
    const [from, to] = [`refs/heads/${name}`, `refs/heads/${wanted}`]
    return hub.lockRefs(repo, async () => {
      const current = await getRef(repo.gitDir, from)
      if (!current) throw notFound()
      const special = name === repo.defaultBranch || protectionOf(hub, repo, from) !== undefined
      if (special && !may(hub, by, repo, 'admin')) demand(hub, by, repo, 'administration', 'admin')
      if (!isRefName(to)) throw unprocessable(`${wanted} is not a valid branch name.`)
      if (await getRef(repo.gitDir, to)) throw unprocessable('New branch already exists')
      await demandRefChange(hub, repo, by, { ref: to, before: ZERO_SHA, after: current.sha })
      const updates = [
        { ref: to, before: ZERO_SHA, after: current.sha },
        { ref: from, before: current.sha, after: ZERO_SHA },
      ]
      await journaled(hub, repo, { by, before: updates.map(stateBefore) }, async () => {
        await updateRef(repo.gitDir, to, current.sha, ZERO_SHA)
        await followRename(repo, name, wanted)
        await updateRef(repo.gitDir, from, ZERO_SHA, current.sha)
        await announce(hub, repo, by, updates)
      })
      return c.json(await show(repo, wanted, current.sha), 201)
    })
  })

  app.get('/repos/:owner/:repo/branches/:branch{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const name = c.req.param('branch')
    const ref = await getRef(repo.gitDir, `refs/heads/${name}`)
    if (!ref) throw new ApiError(404, 'Branch not found')
    return c.json(await show(repo, name, ref.sha))
  })

  app.post('/repos/:owner/:repo/merges', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const given = await bodyOf<{ base: string; head: string; commit_message: string }>(c)
    const ref = `refs/heads/${given.base}`
    return hub.lockRefs(repo, async () => {
      const before = await resolve(repo.gitDir, ref)
      if (!before) throw new ApiError(404, 'Base does not exist')
      const head = await resolve(repo.gitDir, given.head ?? '')
      if (!head) throw new ApiError(404, 'Head does not exist')
      if (await isAncestor(repo.gitDir, head, before)) return c.body(null, 204)
      const tree = await mergeTree(repo.gitDir, before, head)
      if (!tree) throw new ApiError(409, 'Merge conflict')
      const commit = {
        tree,
        parents: [before, head],
        message: given.commit_message ?? `Merge ${given.head} into ${given.base}`,
        author: personNamed(hub.store, actor(c.get('by'))),
        committer: GITHUB,
      }
      const after = await commitTree(repo.gitDir, commit, (payload) => signPayload(hub.store, payload))
      await demandRefChange(hub, repo, c.get('by'), { ref, before, after })
      await changeRef(hub, repo, c.get('by'), { ref, before, after })
      return c.json(commitShape(hub, repo, await readCommit(repo.gitDir, after)), 201)
    })
  })

  const isProtected = (repo: Repository, ref: string) =>
    protectionOf(hub, repo, ref) !== undefined || rulesetsFor(hub, repo, ref).length > 0

  /** What everybody who reads a branch sees of its protection. */
  function protectionSummary(repo: Repository, name: string) {
    const protection = protectionOf(hub, repo, `refs/heads/${name}`)
    if (!protection?.checks) {
      const required_status_checks = { enforcement_level: 'off', contexts: [], checks: [] }
      return { enabled: protection !== undefined, required_status_checks }
    }
    const { contexts, checks } = checksShape(hub, repo, protection)
    const enforcement_level = protection.enforceAdmins ? 'everyone' : 'non_admins'
    return { enabled: true, required_status_checks: { enforcement_level, contexts, checks } }
  }

  async function show(repo: Repository, name: string, sha: string) {
    const self = branchApi(hub, repo, name)
    return {
      name,
      commit: commitShape(hub, repo, await readCommit(repo.gitDir, sha)),
      _links: { self, html: `${repoHtml(hub, repo)}/tree/${name}` },
      protected: isProtected(repo, `refs/heads/${name}`),
      protection: protectionSummary(repo, name),
      protection_url: `${self}/protection`,
    }
  }

  /** What is based on a branch follows its new name; a pull request whose head it was is closed by its end. */
  async function followRename(repo: Repository, from: string, to: string): Promise<void> {
    const { issues, releases, branchProtections, repositories } = hub.store
    for (const issue of issues.filter((row) => row.repo === repo.id && row.state === 'open') as Pull[])
      if (issue.pull?.baseRef === from) updatePull(hub, issue, { baseRef: to })
    for (const release of releases.filter((row) => row.repo === repo.id && row.draft && row.target === from))
      releases.update(release, { target: to })
    for (const row of branchProtections.filter((each) => each.repo === repo.id && each.branch === from))
      branchProtections.update(row, { branch: to })
    if (repo.defaultBranch === from) {
      repositories.update(repo, { defaultBranch: to })
      await git(repo.gitDir, ['symbolic-ref', 'HEAD', `refs/heads/${to}`])
    }
  }
}
