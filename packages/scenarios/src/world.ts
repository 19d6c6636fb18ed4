import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { at, connect, type GitHub } from '@modelyard/github'
import { type LocalGitHub, startLocalGitHub } from '@modelyard/local-github'
import { ROOT } from '@modelyard/tooling'
import { git } from './repository.ts'

const REPOSITORY = 'acme/models'

export interface Person {
  login: string
  token: string
  github: GitHub
}

/** A local GitHub with one repository: Ada owns it, Rita reviews what goes to production, Mallory is a stranger. */
export interface World {
  local: LocalGitHub
  ada: Person
  rita: Person
  mallory: Person
  repository: string
  bare: string
  /** Ada's clone, on main. */
  clone: string
  /** A folder that is deleted at the end. */
  folder: string
  /** Commits and pushes all that Ada changed; answers with the commit. */
  push(message: string): Promise<string>
  close(): Promise<void>
}

/** Starts a world. Workflows, if asked for, are the templates as they are. */
export async function openWorld({ workflows = [] }: { workflows?: string[] } = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-world-'))
  const local = await startLocalGitHub({
    root: join(folder, 'github'),
    ...(process.env.MODELYARD_ACT ? { act: process.env.MODELYARD_ACT } : {}),
    path: process.env.MODELYARD_PYTHON ? [process.env.MODELYARD_PYTHON] : [],
    actions: { 'modelyard/modelyard@v1': process.env.MODELYARD_RELEASE_TREE ?? join(ROOT, '.cache/release') },
    env: { ...handedOn(), RUNNER_TOOL_CACHE: join(ROOT, '.cache/tool-cache') },
    // A story says itself when the time of a schedule has come.
    schedules: false,
  })
  const person = async (login: string): Promise<Person> => {
    const { token } = await local.createUser(login)
    return { login, token, github: connect({ token, repository: REPOSITORY, apiUrl: local.apiUrl }) }
  }
  const [ada, rita, mallory] = [await person('ada'), await person('rita'), await person('mallory')]
  const { gitDir, cloneUrl } = await local.createRepository(REPOSITORY, { owner: 'ada', collaborators: ['rita'] })
  // Retraining opens pull requests with the job's own token.
  await ada.github.octokit.rest.actions.setGithubActionsDefaultWorkflowPermissionsRepository({
    ...at(ada.github),
    can_approve_pull_request_reviews: true,
  })
  const clone = join(folder, 'clone')
  await git(folder, 'clone', '--quiet', cloneUrl.replace('//', `//ada:${ada.token}@`), clone)
  await git(clone, 'switch', '--quiet', '--create', 'main')
  await mkdir(join(clone, '.github/workflows'), { recursive: true })
  for (const name of workflows)
    await cp(join(ROOT, 'workflows-templates', name), join(clone, '.github/workflows', name))
  return {
    local,
    ada,
    rita,
    mallory,
    repository: REPOSITORY,
    bare: gitDir,
    clone,
    folder,
    push: async (message) => {
      await git(clone, 'add', '--all')
      await git(clone, 'commit', '--quiet', '--allow-empty', '--message', message)
      await git(clone, 'push', '--quiet', '--set-upstream', 'origin', 'HEAD')
      return git(clone, 'rev-parse', 'HEAD')
    },
    close: async () => {
      await local.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Settings of this machine that jobs need to reach a package registry. */
function handedOn(): Record<string, string> {
  const wanted = /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|(?:HTTPS?|NO)_PROXY|npm_config_\w+|PIP_\w+)$/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name))) as Record<string, string>
}
