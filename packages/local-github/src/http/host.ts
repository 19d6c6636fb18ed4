import type { IncomingMessage, ServerResponse } from 'node:http'

/** The names of this machine for itself. */
const OWN = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i

/**
 * Refuses a request to another name with 421; false where it is to this machine. Whoever owns a name can let it lead
 * here, and a browser would then take the pages of this server for theirs (DNS rebinding).
 */
export function refuseOtherHost(request: IncomingMessage, response: ServerResponse): boolean {
  if (OWN.test(request.headers.host ?? '')) return false
  request.resume()
  response.writeHead(421, { 'content-type': 'text/plain' }).end('This server is 127.0.0.1, and no other host.\n')
  return true
}
