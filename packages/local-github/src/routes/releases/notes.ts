import { parse } from 'yaml'
import { git, listRefs, resolve, showFile } from '../../git/git.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { ApiError, invalid } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { repoHtml } from '../../shapes/common.ts'
import type { Issue, Repository } from '../../store/entities.ts'

interface NotesOf {
  tag: string
  target?: string | undefined
  /** The tag before; the nearest of the history when missing. */
  previous?: string | undefined
  /** Path of the configuration; `.github/release.yml` when missing. */
  configuration?: string | undefined
}

export function addNotesRoutes(app: App, hub: Hub): void {
  app.post('/repos/:owner/:repo/releases/generate-notes', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const body =
      await bodyOf<Record<'tag_name' | 'target_commitish' | 'previous_tag_name' | 'configuration_file_path', string>>(c)
    if (!body.tag_name) throw invalid('Release', 'missing_field', 'tag_name')
    const { tag_name: tag, target_commitish: target } = body
    const previous = body.previous_tag_name
    return c.json(
      await generateNotes(hub, repo, { tag, target, previous, configuration: body.configuration_file_path }),
    )
  })
}

/** Name and text of a release: the pull requests that were merged since the tag before it, and who is new. */
export async function generateNotes(hub: Hub, repo: Repository, of: NotesOf): Promise<{ name: string; body: string }> {
  const { tag } = of
  const target = of.target ?? repo.defaultBranch
  const sha = (await resolve(repo.gitDir, `refs/tags/${tag}`)) ?? (await resolve(repo.gitDir, target))
  if (!sha) throw new ApiError(400, 'Invalid target_commitish parameter')
  const previous = of.previous ?? (await tagBefore(repo, tag, sha))
  const base = previous === undefined ? undefined : await resolve(repo.gitDir, `refs/tags/${previous}`)
  if (previous !== undefined && !base) throw new ApiError(400, 'Invalid previous_tag parameter')
  const commits = new Set((await git(repo.gitDir, ['rev-list', sha, ...(base ? [`^${base}`] : [])])).split('\n'))
  const merged = hub.store.issues.filter(({ pull, repo: id }) => id === repo.id && !!pull?.mergedAt)
  const since = merged.filter(({ pull }) => commits.has(pull!.mergeSha ?? ''))
  const configuration = await readConfiguration(repo, sha, of.configuration)
  const html = repoHtml(hub, repo)
  const range = base ? `compare/${previous}...${tag}` : `commits/${tag}`
  const sections = [
    ...changes(hub, repo, since, configuration?.changelog ?? {}),
    ...newcomers(hub, repo, since, merged),
    `**Full Changelog**: ${html}/${range}`,
  ]
  const head = configuration
    ? `<!-- Release notes generated using configuration in ${configuration.path} at ${target} -->\n\n`
    : ''
  return { name: tag, body: head + sections.join('\n\n') }
}

/** The nearest tag among the ancestors of a commit, other than the release's own. */
async function tagBefore(repo: Repository, tag: string, sha: string): Promise<string | undefined> {
  const known = new Map<string, string>()
  for (const { ref } of await listRefs(repo.gitDir, 'refs/tags/')) {
    const name = ref.slice('refs/tags/'.length)
    const at = name === tag ? undefined : await resolve(repo.gitDir, ref)
    if (at) known.set(at, name)
  }
  const ancestors = (await git(repo.gitDir, ['rev-list', sha])).split('\n')
  const nearest = ancestors.find((ancestor) => known.has(ancestor))
  return nearest && known.get(nearest)
}

interface Exclusion {
  labels?: string[]
  authors?: string[]
}

interface Changelog {
  exclude?: Exclusion
  categories?: ReadonlyArray<{ title: string; labels: string[]; exclude?: Exclusion }>
}

const CONFIGURATIONS = ['.github/release.yml', '.github/release.yaml']

async function readConfiguration(repo: Repository, sha: string, asked: string | undefined) {
  for (const path of asked ? [asked] : CONFIGURATIONS) {
    const text = await showFile(repo.gitDir, sha, path)
    if (text === undefined) continue
    const { changelog } = (parse(text) ?? {}) as { changelog?: Changelog }
    return { path, changelog: changelog ?? {} }
  }
  return undefined
}

/** The headed list of pull requests, below the first category that takes each where there are categories. */
function changes(hub: Hub, repo: Repository, pulls: readonly Issue[], changelog: Changelog): string[] {
  const left = pulls.filter((pull) => !isExcluded(hub, pull, changelog.exclude))
  if (left.length === 0) return []
  const line = ({ title, user, number }: Issue) => `* ${title} by @${user} in ${repoHtml(hub, repo)}/pull/${number}`
  const list = (of: readonly Issue[]) => of.map(line).join('\n')
  if (!changelog.categories) return [`## What's Changed\n${list(left)}`]
  const groups = new Map<string, Issue[]>()
  for (const pull of left) {
    const category = changelog.categories.find(
      ({ labels, exclude }) => hasLabel(hub, pull, labels) && !isExcluded(hub, pull, exclude),
    )
    const title = category?.title ?? OTHER
    groups.set(title, [...(groups.get(title) ?? []), pull])
  }
  const titles = [...changelog.categories.map(({ title }) => title), OTHER].filter((title) => groups.has(title))
  const parts = titles.map((title) => `### ${title}\n${list(groups.get(title)!)}`)
  return [`## What's Changed\n${parts.join('\n')}`]
}

const OTHER = 'Other Changes'

function isExcluded(hub: Hub, pull: Issue, { labels = [], authors = [] }: Exclusion = {}): boolean {
  return authors.includes(pull.user) || (labels.length > 0 && hasLabel(hub, pull, labels))
}

function hasLabel({ store }: Hub, { labels }: Issue, wanted: readonly string[]): boolean {
  const names = labels.map((id) => store.labels.get(id)?.name.toLowerCase())
  return wanted.some((name) => name === '*' || names.includes(name.toLowerCase()))
}

function newcomers(hub: Hub, repo: Repository, pulls: readonly Issue[], merged: readonly Issue[]): string[] {
  const firsts = pulls.filter(
    (pull) => !merged.some((other) => other.user === pull.user && other.pull!.mergedAt! < pull.pull!.mergedAt!),
  )
  const lines = firsts
    .filter((pull, index) => firsts.findIndex(({ user }) => user === pull.user) === index)
    .map(({ user, number }) => `* @${user} made their first contribution in ${repoHtml(hub, repo)}/pull/${number}`)
  return lines.length ? [`## New Contributors\n${lines.join('\n')}`] : []
}
