import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What somebody published. */
export interface Publication {
  name: string
  version: string
  tarball: Buffer
  /** The claims of the job's identity for which the registry gave the token. */
  by: Record<string, unknown>
}

/** An npm registry that takes packages from jobs that it trusts by their identity, and knows no others. */
export interface NpmRegistry {
  url: string
  publications: Publication[]
  close(): Promise<void>
}

interface Document {
  name: string
  versions: Record<string, object>
  _attachments: Record<string, { data: string }>
}

const EXCHANGE = /^\/-\/npm\/v1\/oidc\/token\/exchange\/package\/(.+)$/

/** Starts a registry on this machine. What it does not have it leaves to `upstream`, by redirection. */
export async function startNpmRegistry({ upstream }: { upstream: string }): Promise<NpmRegistry> {
  const publications: Publication[] = []
  const trusted = new Map<string, Record<string, unknown>>()
  const documents = new Map<string, Document>()

  const answer = async (request: IncomingMessage): Promise<[status: number, body: object, headers?: object]> => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
    const bearer = (request.headers.authorization ?? '').replace(/^Bearer /, '')
    const exchange = EXCHANGE.exec(path)
    if (exchange && request.method === 'POST') {
      const token = `npm_${trusted.size}`
      trusted.set(token, JSON.parse(Buffer.from(bearer.split('.')[1] ?? '', 'base64url').toString('utf8')))
      return [201, { token }]
    }
    const name = path.slice(1)
    if (request.method === 'PUT') {
      const by = trusted.get(bearer)
      if (!by) return [401, { error: 'Whoever publishes here is trusted by the identity of a job.' }]
      const document = JSON.parse(await textOf(request)) as Document
      const known = documents.get(name)
      for (const version of Object.keys(document.versions)) {
        if (known?.versions[version]) return [403, { error: `${version} is published already.` }]
        const [attachment] = Object.values(document._attachments)
        publications.push({ name, version, tarball: Buffer.from(attachment!.data, 'base64'), by })
      }
      documents.set(name, { ...document, versions: { ...known?.versions, ...document.versions } })
      return [201, { ok: true }]
    }
    const document = documents.get(name)
    if (document) return [200, { ...document, _attachments: undefined }]
    if (/^(@modelyard\/.+|modelyard)$/.test(name)) return [404, { error: 'not found' }]
    return [307, {}, { location: new URL(request.url!.slice(1), upstream).href }]
  }

  const server = createServer((request, response) => {
    answer(request)
      .catch((error: Error): [number, object, object?] => [500, { error: error.message }])
      .then(([status, body, headers = {}]) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
      })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    publications,
    close: async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
