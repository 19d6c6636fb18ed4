import { getRef, git, resolve, ZERO_SHA } from '../../git/git.ts'
import { announce } from '../../git/refs.ts'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf, stated } from '../../http/app.ts'
import { actor, may, type Principal } from '../../http/auth.ts'
import { invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { releaseEvent } from '../../scheduler/events.ts'
import { releaseShape } from '../../shapes/publish.ts'
import type { Release, Repository } from '../../store/entities.ts'
import { isRefName } from '../git/refs.ts'
import { demandByRules } from '../repositories/rulesets.ts'

interface GivenRelease {
  tag_name: string
  target_commitish: string
  name: string
  body: string
  draft: boolean
  prerelease: boolean
}

/** A release that the asker may see: drafts are for those who may write. */
export function visibleRelease(hub: Hub, repo: Repository, by: Principal, id: number): Release {
  const release = hub.store.releases.get(id)
  if (release?.repo !== repo.id || (release.draft && !seesDrafts(hub, by, repo))) throw notFound()
  return release
}

/** Whether somebody may know of releases that are not published yet. */
export function seesDrafts(hub: Hub, by: Principal, repo: Repository): boolean {
  if (by.kind === 'job') return by.repo === repo.id && by.permissions.contents === 'write'
  return may(hub, by, repo, 'write')
}

export function addReleaseRoutes(app: App, hub: Hub): void {
  const { releases, assets } = hub.store
  const releaseOf = (repo: Repository, c: Ctx) => visibleRelease(hub, repo, c.get('by'), numberParam(c, 'id'))
  const published = (repo: Repository) => releases.filter((row) => row.repo === repo.id && !row.draft)

  app.get('/repos/:owner/:repo/releases', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const drafts = seesDrafts(hub, c.get('by'), repo)
    const rows = releases.filter((row) => row.repo === repo.id && (drafts || !row.draft)).reverse()
    return c.json(page(c, rows).map((row) => releaseShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/releases', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const body = await bodyOf<GivenRelease>(c)
    const tag = body.tag_name
    if (typeof tag !== 'string' || tag === '') throw invalid('Release', 'missing_field', 'tag_name')
    if (!(await isRefName(repo, `refs/tags/${tag}`))) {
      throw invalid('Release', 'custom', 'tag_name', 'tag_name is not a valid tag')
    }
    if (!body.draft && published(repo).some((row) => row.tag === tag))
      throw invalid('Release', 'already_exists', 'tag_name')
    const target = body.target_commitish ?? repo.defaultBranch
    if (!(await targetSha(repo, tag, target))) throw invalid('Release', 'invalid', 'target_commitish')
    const release = releases.insert({
      repo: repo.id,
      tag,
      target,
      name: body.name ?? null,
      body: body.body ?? null,
      draft: body.draft === true,
      prerelease: body.prerelease === true,
      immutable: false,
      user: actor(c.get('by')),
      createdAt: hub.clock.now(),
      publishedAt: null,
    })
    if (!release.draft) await publish(repo, release, c.get('by'))
    return c.json(releaseShape(hub, repo, release), 201)
  })

  app.get('/repos/:owner/:repo/releases/latest', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const latest = published(repo)
      .filter((row) => !row.prerelease)
      .at(-1)
    if (!latest) throw notFound()
    return c.json(releaseShape(hub, repo, latest))
  })

  app.get('/repos/:owner/:repo/releases/tags/:tag{.+}', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    // A draft has no tag yet, whatever it is going to be called: nobody finds it here.
    const release = published(repo).find((row) => row.tag === c.req.param('tag'))
    if (!release) throw notFound()
    return c.json(releaseShape(hub, repo, release))
  })

  app.get('/repos/:owner/:repo/releases/:id', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    return c.json(releaseShape(hub, repo, releaseOf(repo, c)))
  })

  app.patch('/repos/:owner/:repo/releases/:id', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const release = releaseOf(repo, c)
    const body = await bodyOf<GivenRelease>(c)
    const tag = body.tag_name ?? release.tag
    if (release.immutable && (tag !== release.tag || body.draft === true)) {
      throw invalid('Release', 'custom', 'state', 'state cannot be changed when release is immutable')
    }
    const goesLive = release.draft && body.draft === false
    if ((goesLive || !release.draft) && published(repo).some((row) => row.tag === tag && row.id !== release.id)) {
      throw invalid('Release', 'already_exists', 'tag_name')
    }
    const target = body.target_commitish ?? release.target
    if (!(await targetSha(repo, tag, target))) throw invalid('Release', 'invalid', 'target_commitish')
    const { name, body: text, prerelease } = body
    releases.update(release, {
      ...{ tag, target },
      ...stated({ name, body: text, prerelease }),
      ...(body.draft === true && { draft: true }),
    })
    if (goesLive) await publish(repo, release, c.get('by'))
    return c.json(releaseShape(hub, repo, release))
  })

  app.delete('/repos/:owner/:repo/releases/:id', (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const release = releaseOf(repo, c)
    for (const asset of assets.filter((row) => row.release === release.id)) assets.delete(asset.id)
    releases.delete(release.id)
    return c.body(null, 204)
  })

  /** A published release has a tag: a lightweight one at its target is made where there is none. */
  async function publish(repo: Repository, release: Release, by: Principal): Promise<void> {
    await hub.lockRefs(repo, async () => {
      const ref = `refs/tags/${release.tag}`
      if (await getRef(repo.gitDir, ref)) return
      demandByRules(hub, repo, by, ref, 'creation')
      const after = (await resolve(repo.gitDir, release.target))!
      await git(repo.gitDir, ['update-ref', ref, after, ZERO_SHA])
      await announce(hub, repo, by, [{ ref, before: ZERO_SHA, after }])
    })
    releases.update(release, { draft: false, immutable: repo.immutableReleases, publishedAt: hub.clock.now() })
    for (const action of ['published', ...(release.prerelease ? [] : ['released'])]) {
      const event = await releaseEvent(hub, repo, by, release, action)
      if (event) await hub.emit(event)
    }
  }
}

/** The tag's commit where it exists, else the target's. */
async function targetSha(repo: Repository, tag: string, target: string): Promise<string | undefined> {
  return (await resolve(repo.gitDir, `refs/tags/${tag}`)) ?? resolve(repo.gitDir, target)
}
