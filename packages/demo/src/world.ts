import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { at, connect, type GitHub } from '@modelyard/github'
import { type LocalGitHub, startLocalGitHub } from '@modelyard/local-github'
import { type Released, ROOT, releaseTo } from '@modelyard/tooling'
import type { Narrator } from './narrator.ts'
import { FOLDER, LOGS } from './paths.ts'
import type { PullRequest } from './pull-requests.ts'

export const REPOSITORY = 'acme/flight-delay'
export const MODEL = 'flight-delay'

/** A person of the story: who they are on the local GitHub. */
export interface Person {
  login: string
  github: GitHub
}

/** What the scenes share: the local GitHub, its people, and the clone in which they work. */
export interface World {
  local: LocalGitHub
  /** Writes code and opens pull requests. */
  ada: Person
  /** Reviews what goes to production. */
  rita: Person
  /** Where git clones from, with Ada's token. */
  cloneUrl: string
  /** The pull requests that later scenes come back to. */
  pulls: { first?: PullRequest }
  /** Ada's clone. */
  clone: string
  /** The bare repository of the local GitHub. */
  bare: string
  /** The folder from which production serves. */
  serving: string
  /** Where the airline puts its exports of what production sees. */
  exports: string
  /** The release of the toolkit that the workflows use. */
  release: Released
  progress(message: string): void
  whereToLook(): string[]
  stayOpen(): Promise<void>
  close(): Promise<void>
}

/** Starts the local GitHub with its people and an empty repository. */
export async function openWorld(narrator: Narrator): Promise<World> {
  const serving = join(FOLDER, 'serving')
  const exports = join(FOLDER, 'exports')
  for (const folder of [serving, exports]) await mkdir(folder, { recursive: true })
  const local = await startLocalGitHub({
    root: join(FOLDER, 'github'),
    act: needed('MODELYARD_ACT'),
    path: [needed('MODELYARD_PYTHON')],
    env: {
      ...handedOn(),
      FLIGHT_DELAY_SERVING: serving,
      FLIGHT_DELAY_EXPORTS: exports,
      RUNNER_TOOL_CACHE: join(ROOT, '.cache', 'tool-cache'),
    },
    // The story says itself when the time of a schedule has come.
    schedules: false,
    log: (event) =>
      narrator.progress(
        event.kind === 'git'
          ? `${event.actor} pushed ${event.ref}`
          : `${event.name}: ${event.status.replace('_', ' ')}`,
      ),
  })
  const { token: adaToken } = await local.createUser('ada')
  const { token: ritaToken } = await local.createUser('rita')
  const person = (login: string, token: string): Person => ({
    login,
    github: connect({ token, repository: REPOSITORY, apiUrl: local.apiUrl }),
  })
  const ada = person('ada', adaToken)
  const rita = person('rita', ritaToken)
  await local.createUser('modelyard')
  const toolkit = await local.createRepository('modelyard/modelyard', { owner: 'modelyard' })
  const release = await releaseTo({ remote: toolkit.gitDir })
  const { gitDir, cloneUrl } = await local.createRepository(REPOSITORY, {
    owner: ada.login,
    collaborators: [rita.login],
  })
  // Retraining opens pull requests with the job's own token.
  await ada.github.octokit.rest.actions.setGithubActionsDefaultWorkflowPermissionsRepository({
    ...at(ada.github),
    can_approve_pull_request_reviews: true,
  })
  return {
    local,
    ada,
    rita,
    cloneUrl: cloneUrl.replace('//', `//ada:${adaToken}@`),
    pulls: {},
    clone: join(FOLDER, 'ada', basename(REPOSITORY)),
    bare: gitDir,
    serving,
    exports,
    release,
    progress: (message) => narrator.progress(message),
    whereToLook: () => [
      `git -C ${shorten(gitDir)} log --oneline --decorate --graph --all`,
      `open ${shorten(join(FOLDER, 'pages', 'index.html'))}     the pull requests, releases and summaries`,
      `ls ${shorten(LOGS)}                          the log of every job`,
      `cat ${shorten(join(FOLDER, 'timeline.json'))}             what happened when, and what was checked`,
      `ls ${shorten(serving)}                       what production serves`,
    ],
    stayOpen: async () => {
      console.log(`\n   The local GitHub stays up: ${local.url}/${REPOSITORY} (Ctrl-C ends it)`)
      await new Promise((resolve) => process.once('SIGINT', resolve))
    },
    close: () => local.close(),
  }
}

/** Settings of this machine that jobs need to reach registries: certificates, proxies, package indexes. */
function handedOn(): Record<string, string> {
  const wanted =
    /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|(?:HTTPS?|NO)_PROXY|npm_config_\w+|NPM_CONFIG_\w+|PIP_\w+)$/i
  return Object.fromEntries(
    Object.entries(process.env).filter(([name, value]) => wanted.test(name) && value !== undefined),
  ) as Record<string, string>
}

function needed(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: play the demo with \`npm run demo\`.`)
  return value
}

function shorten(path: string): string {
  return path.startsWith(`${process.cwd()}/`) ? path.slice(process.cwd().length + 1) : path
}
