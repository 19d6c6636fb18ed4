import { at, type GitHub, hasStatus } from '@modelyard/github'
import { unflatName } from '@modelyard/spec'
import { PENDING } from '../events/draft.ts'

/** A draft that a registration filled, or was to fill. */
export interface PendingDraft {
  id: number
  model: string
  /** The tag that it has until it gets its version's. */
  tag: string
  /** When it or a file of it last changed (ISO 8601); null where GitHub does not say. */
  changed: string | null
}

/** Reads all drafts of registrations, one page of releases after the other. Only who may write sees drafts. */
export async function readDrafts(github: GitHub): Promise<PendingDraft[]> {
  const { paginate, rest } = github.octokit
  return (await paginate(rest.repos.listReleases, { ...at(github), per_page: 100 })).flatMap(describe)
}

/** Reads one of them again; null where it is none any more. */
export async function readDraft(github: GitHub, id: number): Promise<PendingDraft | null> {
  try {
    const { data } = await github.octokit.rest.repos.getRelease({ ...at(github), release_id: id })
    return describe(data)[0] ?? null
  } catch (error) {
    if (hasStatus(error, 404)) return null
    throw error
  }
}

interface ReleaseData {
  id: number
  tag_name: string
  draft: boolean
  updated_at?: string | null
  assets: Array<{ updated_at: string }>
}

/** `created_at` is not asked: GitHub gives there the time of the commit that a release is to name. */
function describe({ id, draft, tag_name: tag, updated_at, assets }: ReleaseData): PendingDraft[] {
  const [, flat] = PENDING.exec(tag) ?? []
  if (!draft || flat === undefined) return []
  const times = [updated_at, ...assets.map((asset) => asset.updated_at)].filter((time) => typeof time === 'string')
  return [{ id, model: unflatName(flat), tag, changed: times.sort().at(-1) ?? null }]
}
