import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at } from '@modelyard/github'
import { git, holds } from './look.ts'
import { CHANGES } from './paths.ts'
import { MODEL, type World } from './world.ts'

export interface PullRequest {
  number: number
  head: string
  title: string
}

/** Opens a pull request from a branch of Ada's clone that holds her working tree. */
export async function openPullRequest(world: World, branch: string, title: string, body: string): Promise<PullRequest> {
  await git(world.clone, 'switch', '--quiet', '--create', branch)
  await git(world.clone, 'add', '--all')
  await git(world.clone, 'commit', '--quiet', '--message', title)
  await git(world.clone, 'push', '--quiet', 'origin', branch)
  const { data } = await world.ada.github.octokit.rest.pulls.create({
    ...at(world.ada.github),
    head: branch,
    base: 'main',
    title,
    body,
  })
  return { number: data.number, head: data.head.sha, title }
}

/** Opens the pull request of a prepared change: its files over those of main, its words from pull-request.md. */
export async function proposeChange(world: World, name: string): Promise<PullRequest> {
  const folder = join(CHANGES, name)
  const [title = name, ...body] = (await readFile(join(folder, 'pull-request.md'), 'utf8')).split('\n')
  await git(world.clone, 'switch', '--quiet', 'main')
  await git(world.clone, 'pull', '--quiet')
  await cp(folder, world.clone, { recursive: true, filter: (path) => !path.endsWith('pull-request.md') })
  return openPullRequest(world, name, title.replace(/^#\s*/, ''), body.join('\n').trim())
}

/** The report on a pull request: the one comment that carries the model's mark. Throws where there is none, or another. */
export async function readReport(
  world: World,
  pull: { number: number },
): Promise<{ firstLine: string; body: string; url: string }> {
  const { octokit } = world.ada.github
  const comments = await octokit.paginate(octokit.rest.issues.listComments, {
    ...at(world.ada.github),
    issue_number: pull.number,
  })
  const reports = comments.filter(
    ({ body, user }) => body?.includes(`modelyard:report:${MODEL}`) && user?.type === 'Bot',
  )
  holds(reports.length === 1, `there are ${reports.length} reports on pull request #${pull.number}`)
  const body = reports[0]!.body ?? ''
  const firstLine = body.split('\n').find((line) => line.startsWith('#')) ?? ''
  return { firstLine: firstLine.replace(/^#+\s*/, ''), body, url: reports[0]!.html_url }
}

/** The conclusion of the model's check on the head of a pull request. */
export async function readCheck(world: World, pull: PullRequest): Promise<string | null> {
  const { data } = await world.ada.github.octokit.rest.checks.listForRef({
    ...at(world.ada.github),
    ref: pull.head,
    check_name: `model: ${MODEL}`,
  })
  holds(data.check_runs.length === 1, `there are ${data.check_runs.length} checks of the model on ${pull.head}`)
  return data.check_runs[0]!.conclusion
}

/** Merges, as a person would with the button, and answers with the merge commit. */
export async function merge(world: World, pull: PullRequest): Promise<string> {
  const { data } = await world.ada.github.octokit.rest.pulls.merge({
    ...at(world.ada.github),
    pull_number: pull.number,
    merge_method: 'squash',
  })
  return data.sha
}
