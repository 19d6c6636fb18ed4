import { rm } from 'node:fs/promises'
import { isRefName } from '../../git/ref-names.ts'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf, stated } from '../../http/app.ts'
import { actor, may, type Principal } from '../../http/auth.ts'
import { ApiError, invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { releaseEvent } from '../../scheduler/publish-events.ts'
import { releaseShape } from '../../shapes/releases.ts'
import type { Release, Repository } from '../../store/entities.ts'
import { addReactionRoutes } from '../issues/reactions.ts'
import { latestRelease, type MakeLatest, markLatest } from './latest.ts'
import { generateNotes } from './notes.ts'
import { claimTag, commitDate, published } from './publish.ts'

const MAX_BODY = 125_000

interface GivenRelease {
  tag_name: string
  target_commitish: string
  name: string
  body: string
  draft: boolean
  prerelease: boolean
  make_latest: MakeLatest
  generate_release_notes: boolean
  discussion_category_name: string
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

  app.get('/repos/:owner/:repo/releases', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const drafts = seesDrafts(hub, c.get('by'), repo)
    const rows = releases.filter((row) => row.repo === repo.id && (drafts || !row.draft)).reverse()
    return c.json(page(c, rows).map((row) => releaseShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/releases', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const by = c.get('by')
    const body = await bodyOf<GivenRelease>(c)
    const { tag_name: tag = '', target_commitish: target = repo.defaultBranch, draft = false } = body
    const { prerelease = false, make_latest = 'true', generate_release_notes } = body
    if (tag === '') throw invalid('Release', 'missing_field', 'tag_name')
    if (!isRefName(`refs/tags/${tag}`)) throw invalid('Release', 'custom', 'tag_name', 'tag_name is not a valid tag')
    checkTexts(body)
    if (!draft && prerelease && body.make_latest === 'true') throw cannotBeLatest()
    const createdAt = await commitDate(repo, tag, target)
    const release = await hub.lockRefs(repo, async () => {
      if (!draft) await claimTag(hub, repo, by, { tag, target })
      const notes = generate_release_notes ? await generateNotes(hub, repo, { tag, target }) : undefined
      return releases.insert({
        repo: repo.id,
        tag,
        target,
        name: body.name ?? notes?.name ?? null,
        body: notes ? [body.body, notes.body].filter(Boolean).join('\n\n') : (body.body ?? null),
        draft,
        prerelease,
        immutable: false,
        latest: false,
        user: actor(by),
        createdAt,
        updatedAt: hub.clock.now(),
        publishedAt: null,
        ...(draft ? {} : published(hub, repo, tag)),
      })
    })
    if (!draft) {
      markLatest(hub, release, make_latest)
      await tell(repo, by, release, ['created', 'published', prerelease ? 'prereleased' : 'released'])
    }
    c.header('location', `${hub.urls.api}/repos/${repo.owner}/${repo.name}/releases/${release.id}`)
    return c.json(releaseShape(hub, repo, release), 201)
  })

  app.get('/repos/:owner/:repo/releases/latest', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const latest = latestRelease(hub, repo)
    if (!latest) throw notFound()
    return c.json(releaseShape(hub, repo, latest))
  })

  app.get('/repos/:owner/:repo/releases/tags/:tag{.+}', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    // A draft has no tag yet, whatever it is going to be called: nobody finds it here.
    const release = releases.find((row) => row.repo === repo.id && !row.draft && row.tag === c.req.param('tag'))
    if (!release) throw notFound()
    return c.json(releaseShape(hub, repo, release))
  })

  app.get('/repos/:owner/:repo/releases/:id', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    return c.json(releaseShape(hub, repo, releaseOf(repo, c)))
  })

  app.patch('/repos/:owner/:repo/releases/:id', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const by = c.get('by')
    const body = await bodyOf<GivenRelease>(c)
    checkTexts(body)
    return hub.lockRefs(repo, async () => {
      const release = releaseOf(repo, c)
      const before = { ...release }
      const { tag_name: tag = release.tag, target_commitish: target = release.target, draft = release.draft } = body
      const { name, body: text, prerelease = release.prerelease, make_latest } = body
      if (release.immutable && (tag !== release.tag || draft))
        throw invalid('Release', 'custom', 'state', 'state cannot be changed when release is immutable')
      if (!isRefName(`refs/tags/${tag}`)) throw invalid('Release', 'custom', 'tag_name', 'tag_name is not a valid tag')
      if (make_latest === 'true' && (draft || prerelease)) throw cannotBeLatest()
      const createdAt = await commitDate(repo, tag, target)
      if (!draft) await claimTag(hub, repo, by, { id: release.id, tag, target })
      const goesLive = before.draft && !draft
      releases.update(release, {
        ...{ tag, target, draft, prerelease, createdAt, updatedAt: hub.clock.now() },
        ...stated({ name, body: text }),
        ...(goesLive ? published(hub, repo, tag) : {}),
      })
      const makeLatest = make_latest ?? (goesLive ? 'true' : undefined)
      if (makeLatest || draft || prerelease) markLatest(hub, release, makeLatest ?? 'false')
      await tell(repo, by, release, activities(before, release), changesOf(before, release))
      return c.json(releaseShape(hub, repo, release))
    })
  })

  app.delete('/repos/:owner/:repo/releases/:id', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const release = releaseOf(repo, c)
    releases.delete(release.id)
    for (const asset of assets.filter((row) => row.release === release.id)) {
      assets.delete(asset.id)
      await rm(asset.file, { force: true })
    }
    if (!release.draft) await tell(repo, c.get('by'), release, ['deleted'])
    return c.body(null, 204)
  })

  addReactionRoutes(app, hub, {
    path: '/repos/:owner/:repo/releases/:id',
    kind: 'release',
    scope: 'contents',
    subject: (repo, c) => releaseOf(repo, c).id,
  })

  async function tell(
    repo: Repository,
    by: Principal,
    release: Release,
    actions: readonly string[],
    changes: Record<string, { from: string }> = {},
  ): Promise<void> {
    for (const action of actions) {
      const event = await releaseEvent(hub, repo, by, release, action, action === 'edited' ? changes : undefined)
      if (event) await hub.emit(event)
    }
  }
}

/** What happened to a release, as workflows hear of it: of a draft nothing, until it is published. */
function activities(before: Release, after: Release): string[] {
  if (before.draft && after.draft) return []
  if (after.draft) return ['unpublished']
  // A prerelease that was a draft is not told as `prereleased`.
  if (before.draft) return after.prerelease ? ['published'] : ['published', 'released']
  if (before.prerelease && !after.prerelease) return ['edited', 'released']
  return !before.prerelease && after.prerelease ? ['edited', 'prereleased'] : ['edited']
}

function changesOf(before: Release, after: Release): Record<string, { from: string }> {
  const changed = (['name', 'body'] as const).filter((member) => before[member] !== after[member])
  return Object.fromEntries(changed.map((member) => [member, { from: before[member] ?? '' }]))
}

/** There are no discussions here, so that none has a category of any name. */
function checkTexts({ body, discussion_category_name }: Partial<GivenRelease>): void {
  if ([...(body ?? '')].length > MAX_BODY)
    throw invalid('Release', 'custom', 'body', `body is too long (maximum is ${MAX_BODY} characters)`)
  if (discussion_category_name) throw notFound()
}

const cannotBeLatest = () =>
  new ApiError(422, 'Validation Failed', {
    errors: [{ resource: 'Release', code: 'custom', message: 'Latest release cannot be draft or prerelease.' }],
  })
