/** Sends requests of the REST API by way of a proxy, where there is one: see `scripts/prism.ts`. */
export function fetchThroughProxy(apiUrl: string): { request?: { fetch: typeof fetch } } {
  const proxy = process.env.LOCAL_GITHUB_THROUGH
  if (proxy === undefined) return {}
  const { port } = new URL(apiUrl)
  return {
    request: {
      fetch: async (input, init) => {
        const url = String(input)
        if (!url.startsWith(apiUrl)) return fetch(url, init)
        const headers = { ...(init?.headers as Record<string, string>), 'x-local-github-port': port }
        const answer = await fetch(proxy + url.slice(apiUrl.length), { ...init, headers })
        if (!answer.headers.get('content-type')?.includes('problem+json')) return answer
        throw new Error(`${init?.method} ${url.slice(apiUrl.length)}: ${await answer.text()}`)
      },
    },
  }
}
