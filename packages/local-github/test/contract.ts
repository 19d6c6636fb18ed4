import { findProblems, loadDescription, type Operation } from '../src/http/description.ts'

export const description = loadDescription()

/** The ids of the operations that a test has exercised. */
export const exercised = new Set<string>()

// GitHub answers these in practice, its description does not list them: every operation may.
const EVERYWHERE = ['401', '403', '404', '422', '400']

/**
 * A `fetch` that holds every exchange against GitHub's own description: an operation it does not know, a status that
 * is not documented, a body that lacks or mistypes a member throws.
 */
export function contractFetch(apiUrl: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input as string, init)
    const response = await fetch(request.clone())
    const url = new URL(request.url)
    const uploads = new URL(apiUrl).pathname.replace('/v3', '/uploads')
    const base = [new URL(apiUrl).pathname, uploads].find((path) => url.pathname.startsWith(path))
    if (base) await check(request, response, url.pathname.slice(base.length) || '/')
    return response
  }
}

/** Holds the payload of an event against GitHub's own description. */
export function checkPayload(event: string, payload: object): void {
  const schema = description.webhooks[event]
  if (!schema) throw new Error(`GitHub's description of ${event} was not taken over: see scripts/trim-openapi.ts`)
  validate(schema, payload, event)
}

async function check(request: Request, response: Response, path: string): Promise<void> {
  const operation = findOperation(request.method, path)
  if (!operation) throw new Error(`GitHub has no ${request.method} ${path}`)
  // What a redirect led to is not of the API.
  const status = response.redirected ? '302' : String(response.status)
  if (!(status in operation.responses)) {
    if (!EVERYWHERE.includes(status)) throw new Error(`${operation.id} never answers ${status}: ${await response.clone().text()}`)
    const { message } = (await response.clone().json()) as { message?: string }
    if (!message) throw new Error(`${operation.id} answered ${status} without a message`)
    return
  }
  if (response.ok) exercised.add(operation.id)
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  const schema = operation.responses[status]
  if (schema && isJson && !response.redirected)
    validate(schema, await response.clone().json(), `${operation.id} ${status}`)
  const sends = request.headers.get('content-type')?.startsWith('application/json')
  if (operation.request && response.ok && sends) {
    const text = await request.text()
    if (text) validate(operation.request, JSON.parse(text), `${operation.id} request`)
  }
}

function findOperation(method: string, path: string): Operation | undefined {
  const fits = Object.keys(description.operations).filter((key) => {
    const [verb, pattern] = key.split(' ') as [string, string]
    const source = pattern.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll('{}', '[^/]+')
    return verb === method && new RegExp(`^${source}$`).test(path)
  })
  // The one with the most fixed parts.
  const [best] = fits.sort((a, b) => a.split('{}').length - b.split('{}').length || b.length - a.length)
  return best === undefined ? undefined : description.operations[best]
}

function validate(schema: object, body: unknown, what: string): void {
  const problems = findProblems(schema, body)
    .slice(0, 6)
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
  if (problems.length > 0) throw new Error(`${what} is not what GitHub describes:\n${problems.join('\n')}`)
}
