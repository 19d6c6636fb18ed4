import type { RestEndpointMethodTypes } from '@octokit/rest'
import { at, type GitHub } from './connect.ts'

export interface Annotation {
  path: string
  start_line: number
  end_line: number
  annotation_level: 'notice' | 'warning' | 'failure'
  message: string
  title?: string
}

export interface Check {
  name: string
  /** The commit that the check stands on. */
  sha: string
  /** Tells checks of one name on one commit apart; the name where that is enough. */
  externalId?: string
  conclusion: 'success' | 'failure' | 'neutral'
  title: string
  summary: string
  annotations?: Annotation[]
  /** Where «Details» leads. */
  url?: string
}

const MOST_ANNOTATIONS = 50

/**
 * Keeps one check on a commit: the same name and external id is updated. GitHub takes 50 annotations a request and can
 * only ever add to them, so a check that has others already is made anew; GitHub then shows the newer one. Checks are
 * written by a job's own token and by apps alone: a personal token writes a commit status of the check's name instead,
 * which stands among the checks of a pull request as well, without summary and annotations.
 */
export async function upsertCheck(github: GitHub, check: Check): Promise<Kept> {
  const latest = await findCheck(github, check)
  return keepCheck(github, check, latest).catch((error: unknown) => {
    if (latest === undefined && isOfApps(error)) return keepStatus(github, check)
    throw error
  })
}

function isOfApps(error: unknown): boolean {
  const { status, message } = error as { status?: number; message?: string }
  return status === 403 && /authenticate via a GitHub App/.test(message ?? '')
}

const STATES = { success: 'success', neutral: 'success', failure: 'failure' } as const
const LONGEST_DESCRIPTION = 140

async function keepStatus(github: GitHub, { name, sha, conclusion, title, url }: Check): Promise<Kept> {
  const description = [...title].slice(0, LONGEST_DESCRIPTION).join('')
  const wanted = { state: STATES[conclusion], description, ...(url === undefined ? {} : { target_url: url }) }
  const { data } = await github.octokit.rest.repos.getCombinedStatusForRef({ ...at(github), ref: sha, per_page: 100 })
  const known = data.statuses.find(({ context }) => context === name)
  const isSame =
    known?.state === wanted.state && known.description === description && known.target_url === (url ?? null)
  if (known && isSame) return { url: url ?? '', id: known.id, changed: false }
  const status = await github.octokit.rest.repos.createCommitStatus({ ...at(github), sha, context: name, ...wanted })
  return { url: url ?? '', id: status.data.id, changed: true }
}

/** Changes a check that is on a commit; undefined where there is none. */
export async function changeCheck(github: GitHub, check: Check): Promise<Kept | undefined> {
  const latest = await findCheck(github, check)
  return latest && keepCheck(github, check, latest)
}

interface Kept {
  url: string
  id: number
  changed: boolean
}

type CheckRun = RestEndpointMethodTypes['checks']['listForRef']['response']['data']['check_runs'][number]

async function findCheck(github: GitHub, { name, sha, externalId = name }: Check): Promise<CheckRun | undefined> {
  const runs = await github.octokit.paginate(github.octokit.rest.checks.listForRef, {
    ...at(github),
    ref: sha,
    check_name: name,
    filter: 'all',
    per_page: 100,
  })
  return runs.filter((run) => run.external_id === externalId).sort((a, b) => b.id - a.id)[0]
}

async function keepCheck(github: GitHub, check: Check, latest: CheckRun | undefined): Promise<Kept> {
  const { name, sha, externalId = name, conclusion, title, summary, annotations = [], url } = check
  const isSame = latest?.output.title === title && latest.output.summary === summary && latest.conclusion === conclusion
  const written = latest?.output.annotations_count ?? 0
  if (latest && isSame && written === annotations.length) {
    return { url: latest.html_url ?? '', id: latest.id, changed: false }
  }

  const status = { status: 'completed', conclusion, ...(url === undefined ? {} : { details_url: url }) } as const
  const output = (from: number) => ({
    output: { title, summary, annotations: annotations.slice(from, from + MOST_ANNOTATIONS) },
  })
  const isContinued = latest !== undefined && (written === 0 || (isSame && written < annotations.length))
  let from = isContinued ? written : 0
  let { id, html_url } = isContinued
    ? latest
    : (
        await github.octokit.rest.checks.create({
          ...at(github),
          name,
          head_sha: sha,
          external_id: externalId,
          ...status,
          ...output(0),
        })
      ).data
  if (!isContinued) from = MOST_ANNOTATIONS
  for (let first = isContinued; first || from < annotations.length; from += MOST_ANNOTATIONS, first = false) {
    const { data } = await github.octokit.rest.checks.update({
      ...at(github),
      check_run_id: id,
      ...status,
      ...output(from),
    })
    ;({ id, html_url } = data)
  }
  return { url: html_url ?? '', id, changed: true }
}
