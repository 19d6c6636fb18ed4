import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { serveGit } from './git/http.ts'
import { createBareRepository } from './git/repositories.ts'
import { finishChanges } from './git/unfinished.ts'
import { createApi } from './http/api.ts'
import type { Served } from './http/contract.ts'
import { createFaults, type Faults } from './http/faults.ts'
import { refuseOtherHost } from './http/host.ts'
import { serveFetch } from './http/node-adapter.ts'
import { createRateLimits } from './http/rate-limits.ts'
import { createSecondaryLimits } from './http/secondary-limits.ts'
import { createLocks, type Hub, type LogEvent } from './hub.ts'
import { demandForward, demandOwner, demandPermissions, demandSetting } from './library.ts'
import { ActionFolders } from './runner/actions.ts'
import { hostedActions } from './runner/hosted.ts'
import type { Permissions } from './scheduler/permissions.ts'
import type { RunnerLabels } from './scheduler/runners.ts'
import { runSchedule } from './scheduler/schedule.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import { createOidc } from './services/oidc.ts'
import { createUser, getUser } from './store/accounts.ts'
import { createClock } from './store/clock.ts'
import type { Repository } from './store/entities.ts'
import { saveSetting } from './store/settings.ts'
import { BOT, createStore, findRepository, fullName, type Store } from './store/store.ts'

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
  /**
   * Labels of a self-hosted runner that this machine stands for, too, e.g. `['gpu']`; `'all'`: whatever `runs-on` asks
   * for. A job for which there is no runner stays queued, as it does on GitHub; hosted Linux is always there.
   */
  labels?: RunnerLabels
  /** Variables of every job, e.g. RUNNER_TOOL_CACHE, NODE_EXTRA_CA_CERTS. */
  env?: Record<string, string>
  log?: (event: LogEvent) => void
  /** Whether `on: schedule` starts runs when its time comes, by itself or by `advance`; true when missing. */
  schedules?: boolean
  /** Hears of every answer of the REST API. */
  onServed?: (served: Served) => void
  /**
   * Holds every exchange of the REST API against GitHub's own description, both ways; what is not as described is
   * answered by a 500 that says so. On in tests (under `node --test`, and with `NODE_ENV=test`, which other test runners
   * set) unless told otherwise.
   */
  contract?: boolean
  /** Keeps secondary rate limits, too; tests write more than those allow. */
  secondaryLimits?: boolean
}

export interface LocalGitHub {
  /** `http://127.0.0.1:<port>`: the pages, and git. */
  url: string
  /** The REST API: `baseUrl` of octokit, `GITHUB_API_URL` of jobs. */
  apiUrl: string
  createUser: (login: string) => Promise<{ login: string; token: string }>
  /**
   * A token as a job of the repository has one, with these permissions: for tests of what a job, or a GitHub App, may
   * do where no job has to run.
   */
  createJobToken: (fullName: string, permissions: Permissions) => string
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
  /** Faults on demand: what goes wrong with the next requests. */
  faults: Faults
  /** The page at one of GitHub's usual paths (`/acme/model/pull/1`) as HTML; undefined where there is none. */
  renderPage: (path: string) => Promise<string | undefined>
  /** Resolves when no run is queued or in progress; runs that wait for a reviewer do not count. */
  idle: () => Promise<void>
  /**
   * Stops the server. Started again on the same `root` it goes on where it was: what waited waits, what ran has lost its
   * runner.
   */
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
  // Tokens, secrets and private repositories lie in it.
  await chmod(root, 0o700)
  // Opened before a port is taken: what another server has open is told first.
  const store = createStore(root)
  const server = createServer()
  try {
    return await serveStore(options, root, store, server)
  } catch (error) {
    // Nobody was given what would close them.
    server.close()
    store.close()
    throw error
  }
}

async function serveStore(
  options: LocalGitHubOptions,
  root: string,
  store: Store,
  server: Server,
): Promise<LocalGitHub> {
  await new Promise<void>((ready, failed) => {
    server.once('error', failed)
    server.listen(options.port ?? 0, '127.0.0.1', ready)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const urls = { server: url, api: `${url}/api/v3`, uploads: `${url}/api/uploads` }
  const clock = createClock()
  const hub: Hub = {
    store,
    clock,
    urls,
    log: options.log ?? (() => {}),
    onServed: options.onServed ?? (() => {}),
    contract: options.contract ?? isTest(),
    limits: createRateLimits(clock),
    ...(options.secondaryLimits && { admitAlso: createSecondaryLimits(clock) }),
    jobTokens: new Map(),
    oidc: createOidc(`${url}/_services/oidc`),
    emit: async (event) => void (await scheduler.handle(event)),
    ...createLocks(),
  }
  const scheduler = createScheduler(hub, {
    root,
    act: findProgram(options.act ?? 'act'),
    path: [options.nodeBin ?? join(process.execPath, '..'), ...(options.path ?? [])],
    env: options.env ?? {},
    labels: options.labels ?? [],
    gitUrl: url,
    actions: new ActionFolders(options.actions ?? {}, hostedActions(hub.store, join(root, 'work', 'actions'))),
  })
  await scheduler.resume(options.schedules ?? true)
  await finishChanges(hub)
  const api = createApi(hub, scheduler)
  const { serve, ...faults } = createFaults()
  server.on('request', (request, response) => {
    if (refuseOtherHost(request, response)) return
    const answer = async (asked: IncomingMessage, answered: ServerResponse) => {
      if (!(await serveGit(hub, asked, answered))) await serveFetch(api.fetch, asked, answered)
    }
    serve(request, response, answer).catch((error: Error) => {
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
    createJobToken: (fullName, permissions) => {
      demandPermissions(permissions)
      const token = `ghs_${randomBytes(18).toString('hex')}`
      hub.jobTokens.set(token, { kind: 'job', login: BOT, repo: find(fullName).id, run: 0, job: 0, permissions })
      return token
    },
    createRepository: (fullName, settings) =>
      hub.lockNames(fullName.split('/')[0]!, async () => {
        if (findRepository(hub.store, fullName)) throw new Error(`The repository ${fullName} exists already.`)
        demandOwner(hub.store, fullName, settings?.owner)
        return hosted(await createBareRepository(hub, fullName, settings))
      }),
    findRepository: (fullName) => {
      const repo = findRepository(hub.store, fullName)
      return repo && hosted(repo)
    },
    setVariable: (fullName, name, value) => {
      demandSetting('variables', name, value)
      saveSetting(hub, hub.store.variables, { repo: find(fullName).id, name, value })
    },
    setSecret: (fullName, name, value) => {
      demandSetting('secrets', name, value)
      saveSetting(hub, hub.store.secrets, { repo: find(fullName).id, name, value })
    },
    runSchedule: (fullName, workflow) => runSchedule(hub, scheduler, fullName, workflow),
    advance: async (milliseconds) => {
      demandForward(milliseconds)
      await hub.clock.advance(milliseconds)
    },
    faults,
    renderPage: async (path) => (await import('./pages/render.ts')).renderPage(hub, path),
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

const isTest = () => process.env.NODE_ENV === 'test' || process.env.NODE_TEST_CONTEXT !== undefined

/** A program's path by this process's PATH: the jobs, and what starts them, have one of their own. */
function findProgram(name: string): string {
  if (name.includes('/')) return resolve(name)
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? name
}
