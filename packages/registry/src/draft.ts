import {
  createDraft,
  deleteDraft,
  type GitHub,
  listAssets,
  listReleases,
  type Release,
  updateRelease,
} from '@modelyard/github'
import type { VersionAsset } from '@modelyard/spec'
import { type Asset, type Elsewhere, fillRelease } from './assets.ts'

/** A registration is the same if it is of the same model bytes under the same gate. Both are SHA-256. */
export interface Identity {
  model: string
  gate: string
}

/** The page of a release: its name and text, with the mark by which an unfinished draft is known again. */
export function pageOf(
  model: string,
  version: string,
  body: string,
  identity: Identity,
): { name: string; body: string } {
  return { name: `${model} ${version}`, body: `${body.trimEnd()}\n\n${mark(model, identity)}` }
}

/** Takes up the draft of this registration where an earlier run left one, else makes it; answers with it and its files. */
export async function fillDraft(
  github: GitHub,
  {
    model,
    identity,
    tag,
    page,
    assets,
    ...elsewhere
  }: Elsewhere & {
    model: string
    identity: Identity
    tag: string
    page: { name: string; body: string }
    assets: Asset[]
  },
): Promise<{ release: Release; files: VersionAsset[] }> {
  const [found, ...surplus] = await listDrafts(github, model, identity)
  for (const { id } of surplus) await deleteDraft(github, id)
  const release = found ? await retitle(github, found, tag, page) : await createDraft(github, { tag, ...page })
  const present = found ? await listAssets(github, release.id) : []
  return { release, files: await fillRelease(github, release, assets, present, elsewhere) }
}

/** Deletes drafts that a registration left beside its release. */
export async function clearDrafts(github: GitHub, model: string, identity: Identity): Promise<void> {
  for (const { id } of await listDrafts(github, model, identity)) await deleteDraft(github, id)
}

async function listDrafts(github: GitHub, model: string, identity: Identity): Promise<Release[]> {
  const own = mark(model, identity)
  const releases = await listReleases(github)
  return releases.filter(({ draft, body }) => draft && body.includes(own)).sort((a, b) => a.id - b.id)
}

async function retitle(
  github: GitHub,
  release: Release,
  tag: string,
  page: { name: string; body: string },
): Promise<Release> {
  if (release.tag === tag && release.name === page.name && release.body === page.body) return release
  return updateRelease(github, release.id, { tag, ...page })
}

function mark(model: string, { model: digest, gate }: Identity): string {
  return `<!-- modelyard:registration ${model} ${digest} ${gate} -->`
}
