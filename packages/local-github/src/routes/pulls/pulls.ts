import { commitShape, readCommits } from '../../git/commits.ts'
import { diffFiles } from '../../git/diff.ts'
import { git, resolve } from '../../git/git.ts'
import { type App, bodyOf, page, repoOf } from '../../http/app.ts'
import { access, actor, may, type Principal } from '../../http/auth.ts'
import { ApiError, invalid } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { type Change, edit, setState } from '../../issues/changes.ts'
import { checkBody, checkTitle } from '../../issues/find.ts'
import { record } from '../../issues/history.ts'
import { mergeBase, readFacts } from '../../pulls/facts.ts'
import { headRepoOf, pullOf, SCOPE } from '../../pulls/find.ts'
import { refreshMerge, updatePull } from '../../pulls/lifecycle.ts'
import { listPulls } from '../../pulls/list.ts'
import { demandMayOpen, demandNoTwin, openPull } from '../../pulls/open.ts'
import { emitPull } from '../../scheduler/pull-events.ts'
import { type Pull, pullShape, simplePull } from '../../shapes/pulls.ts'
import type { Issue, Repository } from '../../store/entities.ts'
import { writable } from '../issues/reactions.ts'

/** A list shows no more commits, or files, of a pull request. */
const MAX_COMMITS = 250
const MAX_FILES = 3000

interface Asked {
  title: string
  body: string | null
  head: string
  head_repo: string
  base: string
  draft: boolean
  maintainer_can_modify: boolean
  issue: number
  state: 'open' | 'closed'
}

interface PullChange extends Change {
  issue: Pull
}

export function addPullRoutes(app: App, hub: Hub): void {
  const path = '/repos/:owner/:repo/pulls/:number'
  const show = async (repo: Repository, issue: Pull) => pullShape(hub, repo, issue, await readFacts(hub, repo, issue))

  app.get('/repos/:owner/:repo/pulls', (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    return c.json(page(c, listPulls(hub, repo, c.req.query())).map((issue) => simplePull(hub, repo, issue)))
  })

  app.post('/repos/:owner/:repo/pulls', async (c) => {
    const repo = writable(hub, c, SCOPE)
    const by = c.get('by')
    const asked = await bodyOf<Asked>(c)
    const issue = asked.issue === undefined ? undefined : issueNamed(repo, asked.issue)
    const title = asked.title ?? issue?.title
    const missing = (['head', 'base'] as const).find((field) => !asked[field])
    if (!title?.trim() || missing) throw invalid('PullRequest', 'missing_field', missing ?? 'title')
    checkTitle(title)
    checkBody('PullRequest', asked.body)
    const [headRef, owner] = asked.head!.split(':').reverse() as [string, string | undefined]
    const headRepo = headRepoOf(hub, repo, owner, asked.head_repo)
    if (!headRepo || access(hub, by, headRepo) === 'none') throw invalid('PullRequest', 'invalid', 'head')
    demandMayOpen(hub, by, repo, headRepo)
    demandMayShare(headRepo, by, asked.maintainer_can_modify ?? false)
    const wanted = {
      title,
      body: asked.body ?? issue?.body ?? null,
      headRepo,
      headRef,
      baseRef: asked.base!,
      draft: asked.draft ?? false,
      maintainerCanModify: asked.maintainer_can_modify ?? true,
      issue,
    }
    // A push to its branch comes before, or it follows.
    const pull = await hub.lockRefs(headRepo, () => openPull(hub, repo, by, wanted))
    const shape = await show(repo, pull)
    return c.json(shape, 201, { location: shape.url })
  })

  app.get(path, async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const issue = pullOf(hub, repo, c)
    const media = c.req.header('accept') ?? ''
    const range = async () => `${await mergeBase(repo, issue)}..${issue.pull.headSha}`
    if (media.includes('.diff')) return c.text(await git(repo.gitDir, ['diff', '--no-ext-diff', '-M', await range()]))
    if (media.includes('.patch')) return c.text(await git(repo.gitDir, ['format-patch', '--stdout', await range()]))
    return c.json(await show(repo, issue))
  })

  app.patch(path, async (c) => {
    const repo = writable(hub, c, SCOPE)
    const issue = pullOf(hub, repo, c)
    const by = c.get('by')
    if (issue.user !== actor(by) && !may(hub, by, repo, 'triage'))
      throw new ApiError(403, 'Must have admin rights to Repository.')
    const asked = await bodyOf<Asked>(c)
    if (asked.title !== undefined && asked.title.trim() === '') throw invalid('PullRequest', 'missing_field', 'title')
    checkTitle(asked.title ?? '')
    checkBody('PullRequest', asked.body)
    const change = { hub, repo, by, issue }
    if (asked.base !== undefined && asked.base !== issue.pull.baseRef) await changeBase(change, asked.base)
    await edit(change, asked)
    if (asked.state !== undefined) await setState(change, asked.state)
    if (asked.maintainer_can_modify !== undefined) {
      const headRepo = hub.store.repositories.get(issue.pull.headRepo)
      demandMayShare(headRepo, by, asked.maintainer_can_modify)
      updatePull(hub, issue, { maintainerCanModify: headRepo !== repo && asked.maintainer_can_modify })
    }
    return c.json(await show(repo, issue))
  })

  app.get(`${path}/files`, async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const issue = pullOf(hub, repo, c)
    const files = await diffFiles(hub, repo, await mergeBase(repo, issue), issue.pull.headSha)
    return c.json(page(c, files.slice(0, MAX_FILES)))
  })

  app.get(`${path}/commits`, async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const issue = pullOf(hub, repo, c)
    const { headSha } = issue.pull
    const commits = await readCommits(repo.gitDir, ['--reverse', `${await mergeBase(repo, issue)}..${headSha}`])
    return c.json(page(c, commits.slice(0, MAX_COMMITS)).map((commit) => commitShape(hub, repo, commit)))
  })

  async function changeBase({ repo, by, issue }: PullChange, base: string): Promise<void> {
    if (issue.state === 'closed')
      throw invalid('PullRequest', 'invalid', 'base', 'Cannot change the base branch of a closed pull request.')
    if (!(await resolve(repo.gitDir, `refs/heads/${base}`))) throw invalid('PullRequest', 'invalid', 'base')
    const { baseRef, baseSha } = issue.pull
    demandNoTwin(hub, repo, { ...issue.pull, baseRef: base })
    updatePull(hub, issue, { baseRef: base })
    hub.store.issues.update(issue, { updatedAt: hub.clock.now() })
    await refreshMerge(hub, repo, issue)
    record(hub, by, issue, 'base_ref_changed')
    const changes = { base: { ref: { from: baseRef }, sha: { from: baseSha } } }
    await emitPull(hub, repo, by, issue, 'edited', { changes })
  }

  /** A fork's branch is opened to others by those who may push to it. */
  function demandMayShare(headRepo: Repository | undefined, by: Principal, wanted: boolean): void {
    if (!wanted || (headRepo && may(hub, by, headRepo, 'write'))) return
    const message = "Fork collab can't be granted by someone without permission"
    throw invalid('PullRequest', 'invalid', 'fork_collab', message)
  }

  function issueNamed(repo: Repository, number: number): Issue {
    const issue = hub.store.issues.find((row) => row.repo === repo.id && row.number === number)
    if (!issue || issue.pull) throw invalid('PullRequest', 'invalid', 'issue')
    return issue
  }
}
