import type {
  Asset,
  CheckRun,
  Deployment,
  DeploymentStatus,
  Release,
  Repository,
  Ruleset,
  Status,
} from '../store/entities.ts'
import { githubActionsApp, nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'
import { pullStub } from './runs.ts'

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
    state: 'uploaded',
    size: asset.size,
    digest: asset.digest,
    download_count: asset.downloads,
    created_at: asset.createdAt,
    updated_at: asset.createdAt,
    browser_download_url: `${repoHtml(shaping, repo)}/releases/download/${folder}/${encodeURIComponent(asset.name)}`,
  }
}

export function releaseShape(shaping: Shaping, repo: Repository, release: Release) {
  const api = repoApi(shaping, repo)
  const html = repoHtml(shaping, repo)
  const url = `${api}/releases/${release.id}`
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
    updated_at: release.publishedAt ?? release.createdAt,
    assets: shaping.store.assets
      .filter((row) => row.release === release.id)
      .map((row) => assetShape(shaping, repo, row)),
    tarball_url: release.draft ? null : `${api}/tarball/${tag}`,
    zipball_url: release.draft ? null : `${api}/zipball/${tag}`,
    body: release.body,
  }
}

export function rulesetShape(shaping: Shaping, repo: Repository, ruleset: Ruleset) {
  const { id, name, target, enforcement, conditions, rules, bypass_actors, createdAt } = ruleset
  const { include = [], exclude = [] } = conditions.ref_name ?? {}
  return {
    ...{ id, name, target, enforcement, rules, bypass_actors },
    source_type: 'Repository',
    source: `${repo.owner}/${repo.name}`,
    node_id: nodeId('RepositoryRuleset', id),
    conditions: { ref_name: { include, exclude } },
    _links: {
      self: { href: `${repoApi(shaping, repo)}/rulesets/${id}` },
      html: { href: `${repoHtml(shaping, repo)}/rules/${id}` },
    },
    created_at: createdAt,
    updated_at: createdAt,
  }
}

export function deploymentShape(shaping: Shaping, repo: Repository, deployment: Deployment) {
  const url = `${repoApi(shaping, repo)}/deployments/${deployment.id}`
  const updated = shaping.store.deploymentStatuses.filter((row) => row.deployment === deployment.id).at(-1)
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    creator: simpleUser(shaping, deployment.user),
    created_at: deployment.createdAt,
    updated_at: updated?.createdAt ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: repoApi(shaping, repo),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  }
}

export function deploymentStatusShape(shaping: Shaping, repo: Repository, status: DeploymentStatus) {
  const url = `${repoApi(shaping, repo)}/deployments/${status.deployment}`
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    state: status.state,
    creator: simpleUser(shaping, status.user),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repoApi(shaping, repo),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
  }
}

export function checkRunShape(shaping: Shaping, repo: Repository, check: CheckRun) {
  const url = `${repoApi(shaping, repo)}/check-runs/${check.id}`
  const html = `${repoHtml(shaping, repo)}/runs/${check.id}`
  const pulls = shaping.store.issues.filter((row) => row.repo === repo.id && row.pull?.headSha === check.headSha)
  const job = shaping.store.jobs.get(check.id)
  return {
    id: check.id,
    node_id: nodeId('CheckRun', check.id),
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: job ? `${repoHtml(shaping, repo)}/actions/runs/${job.run}/job/${job.id}` : html,
    details_url: check.detailsUrl ?? html,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: check.name,
    check_suite: { id: job?.run ?? check.id },
    app: githubActionsApp(shaping),
    pull_requests: pulls.map(({ number }) => pullStub(shaping, repo, number)),
  }
}

export function annotationShape(shaping: Shaping, repo: Repository, check: CheckRun) {
  return check.annotations.map((annotation) => ({
    ...annotation,
    blob_href: `${repoHtml(shaping, repo)}/blob/${check.headSha}/${annotation.path}`,
  }))
}

export function statusShape(shaping: Shaping, repo: Repository, status: Status) {
  const creator = simpleUser(shaping, status.user)
  return {
    url: `${repoApi(shaping, repo)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  }
}
