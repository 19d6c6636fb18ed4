import {
  createDraft,
  deleteDraft,
  type GitHub,
  listAssets,
  loadRelease,
  type Release,
  readRelease,
  updateRelease,
} from '@modelyard/github'
import { flatName, sha256 } from '@modelyard/spec'
import { type Elsewhere, fillRelease, type Placed, type RefuseStale } from '../bytes/assets.ts'

/** A registration is the same if it is of the same model bytes under the same gate. Both are SHA-256. */
export interface Identity {
  model: string
  gate: string
}

/** The name and the text of a release. */
export interface Page {
  name: string
  body: string
}

/** What such a tag looks like: `modelyard-draft/<model>/<digest>`. */
export const PENDING = /^modelyard-draft\/([^/]+)\/[0-9a-f]{32}$/

/**
 * The tag that a draft says it is going to get until it gets its version's: by it, the draft of a registration is
 * found again without reading every release, whichever version it was to be.
 */
export function pendingTag(model: string, identity: Identity): string {
  return `modelyard-draft/${flatName(model)}/${sha256(`${identity.model} ${identity.gate}`).slice(0, 32)}`
}

/** Takes up the draft that an earlier run left under this tag, else makes it; answers with it, filled. */
export async function fillDraft(
  github: GitHub,
  {
    left,
    pending,
    page,
    assets,
    ...filling
  }: Pick<Elsewhere, 'store'> & {
    left: number | null
    pending: string
    page: Page
    assets: Placed[]
    refuseStale: RefuseStale
  },
): Promise<Release> {
  const found = left === null ? null : await readRelease(github, left)
  const release = found?.draft
    ? await retitle(github, found, page, filling.refuseStale)
    : await createDraft(github, { tag: pending, ...page })
  const present = found?.draft ? await listAssets(github, release.id) : []
  await fillRelease(github, release, assets, present, filling)
  return release
}

/** Deletes the drafts that runs of a registration left beside its release. */
export async function clearDrafts(github: GitHub, pending: string, release: number): Promise<void> {
  const seen = new Set([release])
  for (;;) {
    const left = await loadRelease(github, pending)
    if (!left?.draft || seen.has(left.id)) return
    seen.add(left.id)
    await deleteDraft(github, left.id)
  }
}

/**
 * Deletes the draft of a registration that is refused: the gate has to run again, so that another draft is looked for
 * from then on.
 */
export async function dropDraft(github: GitHub, draft: number, refuseStale: RefuseStale): Promise<void> {
  await refuseStale()
  await deleteDraft(github, draft)
}

async function retitle(github: GitHub, release: Release, page: Page, refuseStale: RefuseStale): Promise<Release> {
  if (release.name === page.name && release.body === page.body) return release
  await refuseStale()
  return updateRelease(github, release.id, { tag: release.tag, ...page })
}
