import type { Asset, Release, Repository } from '../store/entities.ts'
import { nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'
import { reactionRollup } from './reactions.ts'

export function assetShape(shaping: Shaping, repo: Repository, asset: Asset) {
  const release = shaping.store.releases.get(asset.release)!
  const folder = release.draft ? `untagged-${release.id}` : encodeURIComponent(release.tag)
  return {
    url: `${repoApi(shaping, repo)}/releases/assets/${asset.id}`,
    id: asset.id,
    node_id: nodeId('ReleaseAsset', asset.id),
    name: asset.name,
    label: asset.label,
    uploader: simpleUser(shaping, asset.user),
    content_type: asset.contentType,
    state: asset.state,
    size: asset.size,
    digest: asset.digest,
    download_count: asset.downloads,
    created_at: asset.createdAt,
    updated_at: asset.updatedAt,
    browser_download_url: `${repoHtml(shaping, repo)}/releases/download/${folder}/${encodeURIComponent(asset.name)}`,
  }
}

export function releaseShape(shaping: Shaping, repo: Repository, release: Release) {
  const api = repoApi(shaping, repo)
  const html = repoHtml(shaping, repo)
  const url = `${api}/releases/${release.id}`
  const reactions = reactionRollup(shaping, 'release', release.id, url)
  const tag = encodeURIComponent(release.tag)
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${shaping.urls.uploads}/repos/${repo.owner}/${repo.name}/releases/${release.id}/assets{?name,label}`,
    html_url: release.draft ? `${html}/releases/tag/untagged-${release.id}` : `${html}/releases/tag/${tag}`,
    id: release.id,
    node_id: nodeId('Release', release.id),
    author: simpleUser(shaping, release.user),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: release.immutable,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    published_at: release.publishedAt,
    updated_at: release.updatedAt,
    assets: shaping.store.assets
      .filter((row) => row.release === release.id && row.state === 'uploaded')
      .map((row) => assetShape(shaping, repo, row)),
    tarball_url: release.draft ? null : `${api}/tarball/${tag}`,
    zipball_url: release.draft ? null : `${api}/zipball/${tag}`,
    body: release.body,
    ...(reactions.total_count ? { reactions } : {}),
  }
}
