import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { access, authenticate, may, type Principal } from '../http/auth.ts'
import { ApiError } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { findRenamed, findRepository, fullName } from '../store/store.ts'
import { gitEnvironment } from './git.ts'
import { journaled } from './journal.ts'
import { answerHook, holdPush } from './pushes.ts'
import { readRefs } from './ref-files.ts'
import { announce, diffRefs } from './refs.ts'

const PATH = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/

/** Answers git's smart HTTP through git's own `http-backend`; false when the request is not git's. */
export async function serveGit(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  // Not relative to a host: `//x/y` names none.
  const url = new URL(`http://localhost${request.url ?? '/'}`)
  const match = PATH.exec(url.pathname)
  if (!match) return answerHook(request, response)
  const [, name, service] = match as unknown as [string, string, string]
  const writes = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack'
  const refusal = (status: number, text: string) => {
    const headers = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {}
    request.resume()
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text)
    return true
  }
  let by: Principal
  try {
    by = authenticate(hub, request.headers.authorization)
  } catch (error) {
    if (error instanceof ApiError) return refusal(401, 'Invalid username or token.')
    throw error
  }
  const repo = findRepository(hub.store, name)
  const renamed = repo ? undefined : findRenamed(hub.store, name)
  if (renamed && mayRead(hub, by, renamed)) {
    request.resume()
    response.writeHead(301, { location: `/${fullName(renamed)}.git/${service}${url.search}` }).end()
    return true
  }
  if (!repo || !mayRead(hub, by, repo)) return refusal(by.kind === 'anonymous' ? 401 : 404, 'Repository not found.')
  if (writes && !mayWrite(hub, by, repo)) {
    if (by.kind === 'anonymous') return refusal(401, 'Authentication required.')
    return refusal(403, `Permission to ${name}.git denied to ${by.login}.`)
  }
  if (service !== 'git-receive-pack') {
    await backend(repo, service, url, request, response, by)
    return true
  }
  await hub.lockRefs(repo, async () => {
    const before = readRefs(repo.gitDir)
    await journaled(hub, repo, { by, before, all: true }, async () => {
      const finish = await holdPush(hub, repo, by, (env) => backend(repo, service, url, request, response, by, env))
      // The pusher hears "done" only once the runs that follow exist, so that nobody has to wait for them to appear.
      await announce(hub, repo, by, diffRefs(before, readRefs(repo.gitDir)))
      finish()
    })
  })
  return true
}

function mayRead(hub: Hub, by: Principal, repo: Repository): boolean {
  // What is public everybody may clone; a job sees its private repository by its permission.
  if (by.kind === 'job' && by.repo === repo.id && repo.private)
    return ['read', 'write'].includes(by.permissions.contents ?? '')
  return access(hub, by, repo) !== 'none'
}

function mayWrite(hub: Hub, by: Principal, repo: Repository): boolean {
  if (by.kind === 'job') return by.repo === repo.id && by.permissions.contents === 'write'
  return may(hub, by, repo, 'write')
}

/** Runs the CGI program; resolves when it has ended, with what ends the response where `env` is given, for a push. */
function backend(
  repo: Repository,
  service: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  by: Principal,
  env?: Record<string, string>,
): Promise<() => void> {
  const header = (name: string) => (request.headers[name] as string | undefined) ?? ''
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment,
      ...env,
      GIT_PROJECT_ROOT: repo.gitDir,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${service}`,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: header('content-type'),
      CONTENT_LENGTH: header('content-length'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: by.kind === 'anonymous' ? '' : by.login,
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  child.stdin.on('error', () => {}) // the backend may end before it has read everything
  request.pipe(child.stdin)
  return new Promise((resolve, reject) => {
    let head: Buffer | undefined = Buffer.alloc(0)
    child.stdout.on('data', (chunk: Buffer) => {
      if (head === undefined) return void response.write(chunk)
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      writeHead(response, head.subarray(0, end).toString('latin1'))
      const rest = head.subarray(end + 4)
      head = undefined
      if (rest.length) response.write(rest)
    })
    child.on('error', reject)
    child.on('close', () => {
      const finish = () => void response.end()
      if (!env) finish()
      resolve(finish)
    })
  })
}

function writeHead(response: ServerResponse, head: string): void {
  const fields = head
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
  const status = fields.find(([name]) => name === 'Status')?.[1]
  response.writeHead(
    status ? Number.parseInt(status, 10) : 200,
    Object.fromEntries(fields.filter(([name]) => name !== 'Status')),
  )
}
