import type { Octokit } from '@octokit/rest'

/** How GitHub refused a request that must not succeed. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; body: unknown }> {
  const error = await call.then(
    () => undefined,
    (cause: { status?: number; response?: { data: unknown } }) => cause,
  )
  if (error === undefined) throw new Error('The request was not refused.')
  if (error.status === undefined) throw error
  return { status: error.status, body: error.response?.data }
}

export function uploadAsset(octokit: Octokit, uploadUrl: string, name: string, data: string | Buffer) {
  const headers = { 'content-type': 'application/octet-stream' }
  return octokit.request({ method: 'POST', url: uploadUrl, name, data, headers } as never)
}
