import { createHash } from 'node:crypto'
import { at, type GitHub } from './connect.ts'
import { UPLOAD_NAME } from './doings.ts'
import { type Bytes, type Open, partOf, rangeOf, STREAMED } from './download.ts'
import { GitHubError, hasStatus } from './errors.ts'

export interface Release {
  id: number
  tag: string
  name: string
  body: string
  draft: boolean
  url: string
  uploadUrl: string
  /** As many of its files as came with the answer: of those that are missing here, `listAssets` has the last word. */
  assets: Listed[]
}

/** A file to be uploaded, and the digest that it is to have. */
export interface Upload {
  name: string
  content: Blob
  sha256: string
  contentType: string
}

export interface Asset {
  id: number
  name: string
  bytes: number
  /** Computed by GitHub over what it holds; null on servers that do not. */
  sha256: string | null
}

/** A file as a release lists it: `uploaded`, or the beginnings of one. */
export type Listed = Asset & { state: string }

interface ReleaseData {
  id: number
  tag_name: string
  name: string | null
  body?: string | null
  draft: boolean
  html_url: string
  upload_url: string
  assets: ListedData[]
}

/** Every release, drafts among them where the token may write. */
export async function listReleases(github: GitHub): Promise<Release[]> {
  const releases = await github.octokit.paginate(github.octokit.rest.repos.listReleases, {
    ...at(github),
    per_page: 100,
  })
  return releases.map(describe)
}

/** The published release of a tag; null where there is none. */
export async function findRelease(github: GitHub, tag: string): Promise<Release | null> {
  return orNull(async () => describe((await github.octokit.rest.repos.getReleaseByTag({ ...at(github), tag })).data))
}

/** A release by its number; null where it is gone. */
export async function readRelease(github: GitHub, id: number): Promise<Release | null> {
  return orNull(async () =>
    describe((await github.octokit.rest.repos.getRelease({ ...at(github), release_id: id })).data),
  )
}

export async function createDraft(
  github: GitHub,
  { tag, name, body }: { tag: string; name: string; body: string },
): Promise<Release> {
  const { data } = await github.octokit.rest.repos.createRelease({
    ...at(github),
    tag_name: tag,
    name,
    body,
    draft: true,
  })
  return describe(data)
}

/** Changes what a release says, or publishes it (`draft: false`): its tag must be there, or GitHub makes one of its own. */
export async function updateRelease(
  github: GitHub,
  id: number,
  { tag, ...changes }: { tag: string; name?: string; body?: string; draft?: boolean },
): Promise<Release> {
  const { data } = await github.octokit.rest.repos.updateRelease({
    ...at(github),
    release_id: id,
    tag_name: tag,
    ...changes,
  })
  return describe(data)
}

/** Deletes a draft; one that is gone already is no error. */
export async function deleteDraft(github: GitHub, id: number): Promise<void> {
  await orNull(() => github.octokit.rest.repos.deleteRelease({ ...at(github), release_id: id }))
}

export async function listAssets(github: GitHub, release: number): Promise<Listed[]> {
  const assets = await github.octokit.paginate(github.octokit.rest.repos.listReleaseAssets, {
    ...at(github),
    release_id: release,
    per_page: 100,
  })
  return assets.map(describeListed)
}

/**
 * Puts a file of less than 2 GiB into a release, streamed with its length, and compares the digest that GitHub computed.
 * What an interrupted upload left behind, or another content of that name, is deleted first; the same content is kept.
 * Throws a `GitHubError` where GitHub holds something else afterwards.
 */
export async function uploadAsset(
  github: GitHub,
  release: Release,
  file: Upload,
  /** The assets that the release has, where they were listed already. */
  present?: Listed[],
  /** Throws where what others put there may not be deleted. */
  beforeDeleting: () => Promise<void> = async () => {},
): Promise<Asset & { sha256: string }> {
  try {
    return await putAsset(github, release, file, present ?? (await listAssets(github, release.id)), beforeDeleting)
  } catch (error) {
    if (!hasStatus(error, 422)) throw error
    // Another one put it there meanwhile, or a request whose answer was lost.
    return putAsset(github, release, file, await listAssets(github, release.id), beforeDeleting)
  }
}

async function putAsset(
  github: GitHub,
  release: Release,
  file: Upload,
  present: Listed[],
  beforeDeleting: () => Promise<void>,
): Promise<Asset & { sha256: string }> {
  const { sha256 } = file
  for (const asset of present) {
    if (asset.name !== file.name) continue
    if (asset.state === 'uploaded' && (await digestAt(github, asset)) === sha256) return { ...asset, sha256 }
    await beforeDeleting()
    await deleteAsset(github, asset.id)
  }
  const asset = describeAsset(await post(github, release, file))
  const held = await digestAt(github, asset)
  if (held !== sha256 || asset.name !== file.name) {
    throw new GitHubError(
      `GitHub holds ${asset.name} with the digest ${held.slice(0, 12)}, but ${file.name} with ${sha256.slice(0, 12)} was uploaded. Run it again.`,
      { status: 0 },
    )
  }
  return { ...asset, sha256 }
}

/** The release names the server that takes its files. A Blob is sent with its length, and again where that failed. */
async function post(github: GitHub, release: Release, file: Upload): Promise<AssetData> {
  const { fetch: send = fetch } = github.octokit.request.endpoint.DEFAULTS.request ?? {}
  const { data } = await github.octokit.request({
    method: 'POST',
    url: `${release.uploadUrl.replace(/\{.*\}$/, '')}${UPLOAD_NAME}`,
    name: file.name,
    data: file.content,
    headers: { 'content-type': file.contentType },
    request: { fetch: (url: string, init: RequestInit) => send(url, { ...init, ...STREAMED }) },
  })
  return data as AssetData
}

/** Deletes a file of a release; one that is gone already is no error. */
export async function deleteAsset(github: GitHub, id: number): Promise<void> {
  await orNull(() => github.octokit.rest.repos.deleteReleaseAsset({ ...at(github), asset_id: id }))
}

/** Reads a release's file, part by part: each is a request of its own. */
export function openAsset(github: GitHub, id: number): Open {
  return async (span) => {
    const { status, data } = await getAsset(github, id, rangeOf(span))
    return partOf(status, data, span)
  }
}

async function digestAt(github: GitHub, asset: Asset): Promise<string> {
  return asset.sha256 ?? digestOf((await getAsset(github, asset.id)).data)
}

async function getAsset(github: GitHub, id: number, headers = {}): Promise<{ status: number; data: Bytes }> {
  const { status, data } = await github.octokit.rest.repos.getReleaseAsset({
    ...at(github),
    asset_id: id,
    headers: { accept: 'application/octet-stream', ...headers },
    request: { parseSuccessResponseBody: false },
  })
  return { status, data: data as unknown as Bytes }
}

async function digestOf(stream: Bytes): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

async function orNull<T>(request: () => Promise<T>): Promise<T | null> {
  try {
    return await request()
  } catch (error) {
    if (hasStatus(error, 404)) return null
    throw error
  }
}

function describe(data: ReleaseData): Release {
  return {
    id: data.id,
    tag: data.tag_name,
    name: data.name ?? '',
    body: data.body ?? '',
    draft: data.draft,
    url: data.html_url,
    uploadUrl: data.upload_url,
    assets: data.assets.map(describeListed),
  }
}

interface AssetData {
  id: number
  name: string
  size: number
  digest?: string | null
}

type ListedData = AssetData & { state: string }

function describeListed({ state, ...asset }: ListedData): Listed {
  return { ...describeAsset(asset), state }
}

function describeAsset({ id, name, size, digest }: AssetData): Asset {
  return { id, name, bytes: size, sha256: digest?.startsWith('sha256:') ? digest.slice('sha256:'.length) : null }
}
