import type { Octokit } from '@octokit/rest'
import type { LocalGitHub } from '../src/index.ts'

export const ORGANIZATION = 'octokit-fixture-org'
export const USER_A = 'octokit-fixture-user-a'
export const USER_B = 'octokit-fixture-user-b'

/** What the recorder made before it recorded, and which of our names stand for its own. */
type Seed = (octokit: Octokit, at: { owner: string; repo: string }) => Promise<Record<string, string>>

const nothing: Seed = async () => ({})

const file = async (octokit: Octokit, at: { owner: string; repo: string }, path: string, text: string) => {
  const content = Buffer.from(text).toString('base64')
  const { data } = await octokit.repos.createOrUpdateFileContents({ ...at, path, message: 'initial commit', content })
  return data.commit.sha!
}

const sha = (number: number) => String(number).padStart(40, '0')

const release: Seed = async (octokit, at) => {
  const target_commitish = await file(octokit, at, 'README.md', `# ${at.repo}`)
  const said = { name: 'Version 1.0.0', body: 'Initial release' }
  await octokit.repos.createRelease({ ...at, tag_name: 'v1.0.0', target_commitish, ...said })
  return {}
}

/** The recordings that touch operations that are promised, with what each begins from. */
export const SEEDS: Record<string, Seed> = {
  'add-and-remove-repository-collaborator': nothing,
  'add-labels-to-issue': nothing,
  'branch-protection': async (octokit, at) => {
    await file(octokit, at, 'README.md', '# branch-protection')
    const description =
      'If you have a problem, if no one else can help you, then if you can find them, maybe you can hire the A-Team!'
    await octokit.teams.create({ org: at.owner, name: 'A-Team', description, privacy: 'closed' })
    return {}
  },
  'create-file': nothing,
  'create-status': async (octokit, at) => ({ [sha(1)]: await file(octokit, at, 'README.md', '# create-status') }),
  errors: nothing,
  'get-archive': async (octokit, at) => {
    await file(octokit, at, 'README.md', '# get-archive')
    return {}
  },
  'get-content': async (octokit, at) => {
    await file(octokit, at, 'README.md', '# hello-world')
    return {}
  },
  'get-organization': nothing,
  'get-repository': async (octokit, at) => {
    // Its repository has what get-content began from.
    await octokit.repos.replaceAllTopics({ ...at, names: ['fixtures', 'hello', 'hello-world'] })
    return {}
  },
  'get-root': nothing,
  'git-refs': async (octokit, at) => {
    const first = await file(octokit, at, 'README.md', '# git-refs')
    const second = await file(octokit, at, 'test.txt', 'second')
    return { [sha(1)]: second, [sha(2)]: first }
  },
  labels: nothing,
  'lock-issue': async (octokit, at) => {
    await octokit.issues.create({ ...at, title: 'Issue without a label' })
    return {}
  },
  'paginate-issues': async (octokit, at) => {
    for (let index = 1; index <= 13; index++) await octokit.issues.create({ ...at, title: `Test issue ${index}` })
    return {}
  },
  'release-assets': release,
  'release-assets-conflict': async (octokit, at) => {
    await release(octokit, at)
    const { data } = await octokit.repos.getReleaseByTag({ ...at, tag: 'v1.0.0' })
    const headers = { 'content-type': 'text/plain' }
    const asset = { url: data.upload_url, name: 'test-upload.txt', label: 'test', data: 'Hello, world!\n', headers }
    await octokit.request({ method: 'POST', ...asset } as never)
    return {}
  },
  'rename-repository': nothing,
}

/** The repository that a recording is about. */
export function repositoryOf(scenario: string): string {
  return scenario === 'get-content' || scenario === 'get-repository' ? 'hello-world' : scenario
}

export async function seed(github: LocalGitHub, octokit: Octokit, scenario: string): Promise<Record<string, string>> {
  const at = { owner: ORGANIZATION, repo: repositoryOf(scenario) }
  if (!github.findRepository(`${at.owner}/${at.repo}`))
    await github.createRepository(`${at.owner}/${at.repo}`, { owner: USER_A })
  const known = await SEEDS[scenario]!(octokit, at)
  const { data } = await octokit.repos.get(at)
  return { ...known, 'repositories/1000': String(data.id) }
}
