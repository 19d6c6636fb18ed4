import { commitShape, readCommits } from '../../git/commits.ts'
import { diffFiles } from '../../git/diff.ts'
import { git, resolve } from '../../git/git.ts'
import { mergePull } from '../../git/merge.ts'
import { closePull, fetchHead, refreshMerge, updatePull } from '../../git/refs.ts'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf, stated } from '../../http/app.ts'
import { access, actor } from '../../http/auth.ts'
import { ApiError, invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { pullRequestEvent } from '../../scheduler/events.ts'
import { type Pull, pullShape, reviewShape, simplePull } from '../../shapes/pulls.ts'
import type { PullPart, Repository, Review } from '../../store/entities.ts'
import { findPull, findRepository } from '../../store/store.ts'
import { checkBody, nextNumber } from '../issues/issues.ts'

const SCOPE = 'pull-requests'

export function addPullRoutes(app: App, hub: Hub): void {
  const pullOf = (repo: Repository, c: Ctx): Pull => {
    const issue = findPull(hub.store, repo.id, numberParam(c, 'number'))
    if (!issue) throw notFound()
    return issue
  }

  async function show(repo: Repository, issue: Pull) {
    const { headSha } = issue.pull
    const from = await mergeBase(repo, issue)
    const files = await diffFiles(hub, repo, from, headSha)
    const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + file[key], 0)
    const commits = Number(await git(repo.gitDir, ['rev-list', '--count', `${from}..${headSha}`]))
    return pullShape(hub, repo, issue, {
      commits,
      additions: sum('additions'),
      deletions: sum('deletions'),
      changedFiles: files.length,
    })
  }

  app.get('/repos/:owner/:repo/pulls', (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const { state = 'open', head, base, direction = 'desc' } = c.req.query()
    const rows = hub.store.issues.filter((row) => row.repo === repo.id && row.pull !== undefined) as Pull[]
    const wanted = rows.filter(({ state: own, pull }) => {
      const owner = hub.store.repositories.get(pull.headRepo)?.owner
      return (
        (state === 'all' || own === state) &&
        (!head || head === `${owner}:${pull.headRef}`) &&
        (!base || base === pull.baseRef)
      )
    })
    if (direction === 'desc') wanted.reverse()
    return c.json(page(c, wanted).map((issue) => simplePull(hub, repo, issue)))
  })

  app.post('/repos/:owner/:repo/pulls', async (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const by = c.get('by')
    const body = await bodyOf<{ title: string; body: string; head: string; base: string; draft: boolean }>(c)
    for (const field of ['title', 'head', 'base'] as const) {
      if (typeof body[field] !== 'string' || body[field] === '') throw invalid('PullRequest', 'missing_field', field)
    }
    checkBody('PullRequest', body.body)
    const [name, owner] = body.head!.split(':').reverse() as [string, string | undefined]
    const headRepo = owner && owner !== repo.owner ? forkOf(repo, owner) : repo
    if (headRepo === repo) repoOf(hub, c, SCOPE, 'write')
    else if (!headRepo || access(hub, by, headRepo) === 'none') throw invalid('PullRequest', 'invalid', 'head')
    const headSha = await resolve(headRepo!.gitDir, `refs/heads/${name}`)
    if (!headSha) throw invalid('PullRequest', 'invalid', 'head')
    const baseSha = await resolve(repo.gitDir, `refs/heads/${body.base}`)
    if (!baseSha) throw invalid('PullRequest', 'invalid', 'base')
    const twin = (row: Pull) =>
      row.pull.headRepo === headRepo!.id && row.pull.headRef === name && row.pull.baseRef === body.base
    const open = hub.store.issues.filter(
      (row) => row.repo === repo.id && row.pull !== undefined && row.state === 'open',
    )
    if ((open as Pull[]).some(twin)) {
      throw invalid('PullRequest', 'custom', 'head', `A pull request already exists for ${headRepo!.owner}:${name}.`)
    }
    const number = nextNumber(hub, repo)
    const at = hub.clock.now()
    const pull: PullPart = {
      headRepo: headRepo!.id,
      headRef: name,
      headSha,
      baseRef: body.base!,
      baseSha,
      draft: body.draft === true,
      mergedAt: null,
      mergedBy: null,
      mergeSha: null,
    }
    await fetchHead(hub, repo, number, pull.headRepo, headSha)
    if ((await git(repo.gitDir, ['rev-list', '--count', `${baseSha}..${headSha}`])) === '0') {
      throw invalid('PullRequest', 'custom', 'head', `No commits between ${body.base} and ${name}`)
    }
    const issue = hub.store.issues.insert({
      repo: repo.id,
      number,
      title: body.title!,
      body: body.body ?? null,
      state: 'open',
      user: actor(by),
      labels: [],
      assignees: [],
      createdAt: at,
      updatedAt: at,
      closedAt: null,
      pull,
    }) as Pull
    await refreshMerge(hub, repo, issue)
    await hub.emit(pullRequestEvent(hub, repo, by, issue, 'opened'))
    return c.json(await show(repo, issue), 201)
  })

  app.get('/repos/:owner/:repo/pulls/:number', async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    return c.json(await show(repo, pullOf(repo, c)))
  })

  app.patch('/repos/:owner/:repo/pulls/:number', async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'write')
    const issue = pullOf(repo, c)
    const by = c.get('by')
    const { title, body, state, base } = await bodyOf<{ title: string; body: string; state: string; base: string }>(c)
    checkBody('PullRequest', body)
    hub.store.issues.update(issue, { ...stated({ title, body }), updatedAt: hub.clock.now() })
    if (base !== undefined) {
      if (!(await resolve(repo.gitDir, `refs/heads/${base}`))) throw invalid('PullRequest', 'invalid', 'base')
      updatePull(hub, issue, { baseRef: base })
      await refreshMerge(hub, repo, issue)
    }
    if (state === 'closed' && issue.state === 'open') await closePull(hub, repo, by, issue)
    if (state === 'open' && issue.state === 'closed') {
      if (issue.pull.mergedAt) throw unprocessable('state cannot be changed. The pull request has been merged.')
      hub.store.issues.update(issue, { state: 'open', closedAt: null })
      await refreshMerge(hub, repo, issue)
      await hub.emit(pullRequestEvent(hub, repo, by, issue, 'reopened'))
    }
    return c.json(await show(repo, issue))
  })

  app.get('/repos/:owner/:repo/pulls/:number/files', async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const issue = pullOf(repo, c)
    return c.json(page(c, await diffFiles(hub, repo, await mergeBase(repo, issue), issue.pull.headSha)))
  })

  app.get('/repos/:owner/:repo/pulls/:number/commits', async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const issue = pullOf(repo, c)
    const commits = await readCommits(repo.gitDir, [
      '--reverse',
      `${await mergeBase(repo, issue)}..${issue.pull.headSha}`,
    ])
    return c.json(page(c, commits).map((commit) => commitShape(hub, repo, commit)))
  })

  app.get('/repos/:owner/:repo/pulls/:number/reviews', (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const issue = pullOf(repo, c)
    const own = hub.store.reviews.filter((row) => row.issue === issue.id)
    return c.json(page(c, own).map((row) => reviewShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/pulls/:number/reviews', async (c) => {
    const repo = repoOf(hub, c, SCOPE, 'write')
    const issue = pullOf(repo, c)
    const { body = '', event = 'COMMENT' } = await bodyOf<{ body: string; event: string }>(c)
    const state = ({ APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const)[event]
    const user = actor(c.get('by'))
    if (!state) throw invalid('PullRequestReview', 'invalid', 'event')
    if (state === 'APPROVED' && user === issue.user) throw unprocessable('Can not approve your own pull request')
    const row: Omit<Review, 'id'> = {
      repo: repo.id,
      issue: issue.id,
      user,
      body,
      state,
      commit: issue.pull.headSha,
      submittedAt: hub.clock.now(),
    }
    return c.json(reviewShape(hub, repo, hub.store.reviews.insert(row)))
  })

  app.get('/repos/:owner/:repo/pulls/:number/merge', (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    if (!pullOf(repo, c).pull.mergedAt) throw notFound()
    return c.body(null, 204)
  })

  app.put('/repos/:owner/:repo/pulls/:number/merge', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const issue = pullOf(repo, c)
    const body = await bodyOf<{ sha: string; merge_method: string; commit_title: string; commit_message: string }>(c)
    if (issue.state === 'closed' || issue.pull.draft) throw new ApiError(405, 'Pull Request is not mergeable')
    if (body.sha !== undefined && body.sha !== issue.pull.headSha) {
      throw new ApiError(409, 'Head branch was modified. Review and try the merge again.')
    }
    const merged = await mergePull(hub, repo, issue, c.get('by'), {
      method: body.merge_method ?? 'merge',
      ...(body.commit_title === undefined ? {} : { title: body.commit_title }),
      ...(body.commit_message === undefined ? {} : { message: body.commit_message }),
    })
    if (!merged) throw new ApiError(405, 'Pull Request is not mergeable')
    return c.json({ sha: merged, merged: true, message: 'Pull Request successfully merged' })
  })

  function forkOf(repo: Repository, owner: string): Repository | undefined {
    const named = findRepository(hub.store, `${owner}/${repo.name}`)
    return named?.parent === repo.id
      ? named
      : hub.store.repositories.find((row) => row.owner === owner && row.parent === repo.id)
  }
}

/** Where the pull request's own commits begin; after the merge, where they began. */
function mergeBase(repo: Repository, { pull }: Pull): Promise<string> {
  return git(repo.gitDir, ['merge-base', pull.baseSha, pull.headSha])
}
