import { join, resolve } from 'node:path'
import { type Clone, findClone, git } from './clone.ts'
import { eventLine, type Out } from './show.ts'
import { type Settings, start } from './start.ts'

export interface UpOptions extends Settings {
  port: number
  /** Folder of the server's memory; inside the clone's `.git` when missing. */
  root?: string | undefined
  /** Whether a repository that is new here can be read by anybody, as can be every page of it. */
  isPublic: boolean
}

const ME = 'me'

/**
 * Starts a GitHub that hosts the clone in this folder and stays until `ended`; what happened there before is still
 * there. The branch that is checked out is pushed when the repository is new.
 */
export async function up(folder: string, options: UpOptions, out: Out, ended: Promise<void>): Promise<void> {
  const clone = await findClone(folder)
  const root = options.root ? resolve(folder, options.root) : await memoryOf(clone)
  const { port } = options
  const github = await start(folder, options, { root, port, log: (event) => out.write(`${eventLine(event)}\n`) })
  try {
    const { token } = await github.createUser(ME)
    const known = github.findRepository(clone.fullName)
    const settings = { owner: ME, private: !options.isPublic }
    const { cloneUrl } = known ?? (await github.createRepository(clone.fullName, settings))
    const remote = cloneUrl.replace('://', `://${ME}:${token}@`)
    if (!known) await git(clone.root, ['push', '--quiet', remote, `HEAD:refs/heads/${clone.branch}`])
    out.write(`${welcome(github.url, remote, github.apiUrl, token, clone)}\n`)
    await ended
  } finally {
    await github.close()
  }
}

async function memoryOf({ root }: Clone): Promise<string> {
  return join(resolve(root, await git(root, ['rev-parse', '--git-common-dir'])), 'local-github')
}

function welcome(url: string, remote: string, apiUrl: string, token: string, clone: Clone): string {
  return `
${clone.fullName} is at ${url}/${clone.fullName}

  look       sign in at ${url}/login with ${token}
  push       git push ${remote} HEAD:my-branch
  octokit    new Octokit({ baseUrl: '${apiUrl}', auth: '${token}' })
  variables  GITHUB_API_URL=${apiUrl} GITHUB_REPOSITORY=${clone.fullName} GITHUB_TOKEN=${token}

Workflows of what you push run on this machine as you. Ctrl-C ends it; the next \`up\` goes on from here.
`
}
