import type { GitHub } from './connect.ts'

/** Where git finds a repository, and how it shows who asks. */
export interface GitAddress {
  /** `https://github.com/owner/name.git`. */
  url: string
  /** An HTTP header, `Authorization: Basic …`: not for a command line, where others could read it. */
  header: string
}

/**
 * The repository's address for git, from that of the API: no request is made. An Enterprise Server has its API under
 * `/api/v3`, github.com and ghe.com have it on a host of its own.
 */
export async function gitAddress({ octokit, owner, repo }: GitHub): Promise<GitAddress> {
  const { token } = (await octokit.auth()) as { token: string }
  const api = new URL(octokit.request.endpoint.DEFAULTS.baseUrl)
  const host = api.pathname.startsWith('/api/v3') ? api.host : api.host.replace(/^api\./, '')
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64')
  return { url: `${api.protocol}//${host}/${owner}/${repo}.git`, header: `Authorization: Basic ${credentials}` }
}
