import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { serveGit } from './git/http.ts'
import { createBareRepository } from './git/repositories.ts'
import { createApi } from './http/api.ts'
import { serveFetch } from './http/node-adapter.ts'
import { createLocks, type Hub, type LogEvent } from './hub.ts'
import { renderPage } from './pages/render.ts'
import { ActionFolders } from './runner/actions.ts'
import { hostedActions } from './runner/hosted.ts'
import { runSchedule } from './scheduler/schedule.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import { createOidc } from './services/oidc.ts'
import { createUser, getUser } from './store/accounts.ts'
import { createClock } from './store/clock.ts'
import type { Repository } from './store/entities.ts'
import { saveSetting } from './store/settings.ts'
import { createStore, findRepository, fullName } from './store/store.ts'

export interface LocalGitHubOptions {
  /** Folder for the bare repositories (`<root>/<owner>/<name>.git`) and the jobs' work folders. */
  root: string
  /** Any free one when missing. */
  port?: number
  /** Path of the act binary; `act` of the PATH when missing. */
  act?: string
  /** Folder with a Node 24, put first on the jobs' PATH; that of this process when missing. */
  nodeBin?: string
  /** Further folders for the jobs' PATH, e.g. a virtual environment's `bin`. */
  path?: string[]
  /**
   * `owner/repo@ref` → local folder; the folder stands for the repository whatever the ref, unless a repository of
   * that name is hosted here and has the ref.
   */
  actions?: Record<string, string>
  /** Variables of every job, e.g. RUNNER_TOOL_CACHE, NODE_EXTRA_CA_CERTS. */
  env?: Record<string, string>
  log?: (event: LogEvent) => void
}

export interface LocalGitHub {
  /** `http://127.0.0.1:<port>`: the pages, and git. */
  url: string
  /** The REST API: `baseUrl` of octokit, `GITHUB_API_URL` of jobs. */
  apiUrl: string
  createUser: (login: string) => Promise<{ login: string; token: string }>
  createRepository: (
    fullName: string,
    options: { owner: string; collaborators?: string[]; private?: boolean; branchesOnly?: boolean },
  ) => Promise<HostedRepository>
  /** What is hosted under that name, also from before a restart. */
  findRepository: (fullName: string) => HostedRepository | undefined
  /** Gives a repository a variable of Actions. */
  setVariable: (fullName: string, name: string, value: string) => void
  /** Gives a repository a secret of Actions. */
  setSecret: (fullName: string, name: string, value: string) => void
  /**
   * Lets the time of a workflow's schedule come, as no laptop waits for it: the file of this name on the default branch.
   * Answers once the run exists, with its id.
   */
  runSchedule: (fullName: string, workflow: string) => Promise<number>
  /**
   * Moves the server's time on; what was to happen meanwhile happens: schedules, wait timers, what expires. Answers once
   * the runs that follow from it exist.
   */
  advance: (milliseconds: number) => Promise<void>
  /** The page at one of GitHub's usual paths (`/acme/model/pull/1`) as HTML; undefined where there is none. */
  renderPage: (path: string) => Promise<string | undefined>
  /** Resolves when no run is queued or in progress; runs that wait for a reviewer do not count. */
  idle: () => Promise<void>
  /** Cancels what runs and stops the server; the repositories stay. */
  close: () => Promise<void>
}

export interface HostedRepository {
  fullName: string
  cloneUrl: string
  /** The bare repository. */
  gitDir: string
}

/** Starts a GitHub on this machine. */
export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  const root = resolve(options.root)
  await mkdir(root, { recursive: true })
  const server = createServer()
  await new Promise<void>((ready, failed) => {
    server.once('error', failed)
    server.listen(options.port ?? 0, '127.0.0.1', ready)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const urls = { server: url, api: `${url}/api/v3`, uploads: `${url}/api/uploads` }
  const hub: Hub = {
    store: createStore(root),
    clock: createClock(),
    urls,
    log: options.log ?? (() => {}),
    jobTokens: new Map(),
    oidc: createOidc(`${url}/_services/oidc`),
    emit: async (event) => void (await scheduler.handle(event)),
    lockRefs: createLocks(),
  }
  const scheduler = createScheduler(hub, {
    root,
    act: findProgram(options.act ?? 'act'),
    path: [options.nodeBin ?? join(process.execPath, '..'), ...(options.path ?? [])],
    env: options.env ?? {},
    gitUrl: url,
    actions: new ActionFolders(options.actions ?? {}, hostedActions(hub.store, join(root, 'work', 'actions'))),
  })
  const api = createApi(hub, scheduler)
  server.on('request', (request, response) => {
    const answer = async () => {
      if (!(await serveGit(hub, request, response))) await serveFetch(api.fetch, request, response)
    }
    answer().catch((error: Error) => {
      if (!response.headersSent) response.writeHead(500)
      response.end(error.message)
    })
  })

  const hosted = (repo: Repository): HostedRepository => {
    const name = fullName(repo)
    return { fullName: name, cloneUrl: `${url}/${name}.git`, gitDir: repo.gitDir }
  }

  const find = (fullName: string) => {
    const repo = findRepository(hub.store, fullName)
    if (!repo) throw new Error(`There is no repository ${fullName}.`)
    return repo
  }

  return {
    url,
    apiUrl: urls.api,
    createUser: async (login) => {
      const user = getUser(hub, login) ?? createUser(hub, login)
      if (user.type !== 'User') throw new Error(`${login} is an organization.`)
      return { login: user.login, token: user.token }
    },
    createRepository: async (fullName, settings) => {
      if (findRepository(hub.store, fullName)) throw new Error(`The repository ${fullName} exists already.`)
      return hosted(await createBareRepository(hub, fullName, settings))
    },
    findRepository: (fullName) => {
      const repo = findRepository(hub.store, fullName)
      return repo && hosted(repo)
    },
    setVariable: (fullName, name, value) =>
      void saveSetting(hub, hub.store.variables, { repo: find(fullName).id, name, value }),
    setSecret: (fullName, name, value) =>
      void saveSetting(hub, hub.store.secrets, { repo: find(fullName).id, name, value }),
    runSchedule: (fullName, workflow) => runSchedule(hub, scheduler, fullName, workflow),
    advance: hub.clock.advance,
    renderPage: (path) => renderPage(hub, path),
    idle: scheduler.idle,
    close: async () => {
      await scheduler.close()
      hub.clock.close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      hub.store.close()
    },
  }
}

/** A program's path by this process's PATH: the jobs, and what starts them, have one of their own. */
function findProgram(name: string): string {
  if (name.includes('/')) return resolve(name)
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? name
}
