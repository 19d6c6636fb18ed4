import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { bundle } from '../bundle.ts'
import { CACHE, ROOT } from '../paths.ts'
import { COMMAND, writeCommand } from '../release/command-package.ts'
import { findCommits, type Made, makeCommits, type Origin } from '../release/commits.ts'
import type { Remote } from '../release/git.ts'
import { LOCAL_GITHUB, writeLocalGitHub } from '../release/local-github-package.ts'
import { releaseNotes } from '../release/notes.ts'
import { makePage } from '../release/page.ts'
import { planRelease } from '../release/plan.ts'
import { isPublished, publish } from '../release/publish.ts'
import { pushRelease } from '../release/push.ts'
import { releaseOf } from '../release/releases.ts'
import { step } from '../shell.ts'

const GITHUB_API = 'https://api.github.com'

/**
 * Releases the commit that is checked out: `release [auto | major | minor | patch | 1.2.3]`. Each part is looked at
 * before it is done, in an order in which what is there already is never wrong, so that it may be killed and run again.
 */
export async function release([choice = 'auto']: string[]): Promise<void> {
  const { token, repository, apiUrl } = settings(process.env)
  // It is not handed down, so that no log of a child shows it. A program that looks for it in this job still finds it.
  delete process.env.GITHUB_TOKEN
  const remote = remoteWith(token)
  const { version, origin, previous, changes, releases } = await planRelease(ROOT, remote, choice)
  const present = releaseOf(releases, version)
  const made = present ? await findCommits(ROOT, present) : await buildCommits(version, origin)
  await step(`Push ${version}`, () => pushRelease(ROOT, remote, made, releases))
  const notes = releaseNotes(changes, { version, actions: made.actions, previous })
  const page = await makePage(connect({ token, repository, apiUrl }), version, notes)
  const provenance = apiUrl === GITHUB_API
  const own = { sha: made.actions, version }
  await publishPackage(COMMAND, version, provenance, (folder) => writeCommand(folder, own))
  await publishPackage(LOCAL_GITHUB, version, provenance, (folder) => writeLocalGitHub(folder, version))
  console.log(`${version} is released: ${page}`)
  if (process.env.GITHUB_STEP_SUMMARY)
    await appendFile(process.env.GITHUB_STEP_SUMMARY, `## [${version}](${page})\n\n${notes}`)
}

async function buildCommits(version: string, origin: Origin): Promise<Made> {
  await step(`Build ${version}`, () => bundle({ version: version.slice(1) }))
  return makeCommits(ROOT, version, origin)
}

async function publishPackage(
  name: string,
  version: string,
  provenance: boolean,
  write: (folder: string) => Promise<void>,
): Promise<void> {
  if (await isPublished(name, version)) return
  const folder = join(CACHE, 'package')
  await step(`Build ${name}`, () => write(folder))
  await step(`Publish ${name}`, () => publish(folder, { provenance }))
}

/** What a job of GitHub Actions knows of itself. */
function settings(env: NodeJS.ProcessEnv): { token: string; repository: string; apiUrl: string } {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl = GITHUB_API } = env
  if (!token || !repository)
    throw new UserError('GITHUB_TOKEN and GITHUB_REPOSITORY are not both set: a release is made by release.yml.')
  return { token, repository, apiUrl }
}

/** The clone's origin, with the token in the environment, where no process list shows it. */
function remoteWith(token: string): Remote {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  const setting = { GIT_CONFIG_KEY_0: 'http.extraheader', GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}` }
  return { url: 'origin', env: { GIT_CONFIG_COUNT: '1', ...setting } }
}
