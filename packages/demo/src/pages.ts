import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { at } from '@modelyard/github'
import { FOLDER } from './paths.ts'
import { REPOSITORY, type World } from './world.ts'

const PAGES = join(FOLDER, 'pages')

/** Saves what a person would look at as files that a browser opens: pull requests, releases, runs, deployments. */
export async function savePages(world: World): Promise<void> {
  const { octokit } = world.ada.github
  const { data: pulls } = await octokit.rest.pulls.list({ ...at(world.ada.github), state: 'all' })
  const { data: releases } = await octokit.rest.repos.listReleases(at(world.ada.github))
  const {
    data: { workflow_runs: runs },
  } = await octokit.rest.actions.listWorkflowRunsForRepo({ ...at(world.ada.github), per_page: 100 })
  const wanted = [
    ['', 'repository.html'],
    ['/deployments', 'deployments.html'],
    ...pulls.map(({ number }) => [`/pull/${number}`, `pull-${number}.html`]),
    ...releases.map(({ tag_name, name }) => [
      `/releases/tag/${encodeURIComponent(tag_name)}`,
      `release-${(name ?? tag_name).replaceAll(/[^\w.-]+/g, '-')}.html`,
    ]),
    ...runs.map(({ id }) => [`/actions/runs/${id}`, `run-${id}.html`]),
  ] as Array<[string, string]>
  const names = new Map(wanted.map(([path, name]) => [`/${REPOSITORY}${path}`, name]))
  for (const [path, name] of names) {
    const page = await world.local.renderPage(path)
    if (page === undefined) throw new Error(`The local GitHub has no page ${path}.`)
    await save(name, relink(page, names, world.local.url))
  }
  for (const { number } of pulls) await saveReport(world, number)
  await save('index.html', relink(index(names), names, world.local.url))
}

/** The report of a pull request as it was written: markdown. */
async function saveReport({ ada }: World, number: number): Promise<void> {
  const { data } = await ada.github.octokit.rest.issues.listComments({ ...at(ada.github), issue_number: number })
  const report = data.find(({ body }) => body?.includes('modelyard:report:'))
  if (report?.body) await save(`report-${number}.md`, report.body)
}

async function save(name: string, html: string): Promise<void> {
  await mkdir(dirname(join(PAGES, name)), { recursive: true })
  await writeFile(join(PAGES, name), html)
}

/** Links between the saved pages, where the local GitHub had its own. */
function relink(html: string, names: Map<string, string>, url: string): string {
  return html.replace(/href="([^"]*)"/g, (whole, link: string) => {
    const path = link.replace(url, '').replace('https://github.com', '').replaceAll('&amp;', '&')
    const name = names.get(path)
    return name ? `href="${name}"` : whole
  })
}

function index(names: Map<string, string>): string {
  const items = [...names].map(([path]) => `<li><a href="${path}">${path}</a></li>`)
  return `<!doctype html><meta charset="utf-8"><title>${REPOSITORY}</title><h1>${REPOSITORY}</h1><ul>${items.join('')}</ul>`
}
