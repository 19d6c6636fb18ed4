import { readFileSync } from 'node:fs'
import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, get as httpsGet } from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Pin } from './pins.ts'

/** npm's own default, for machines that are told nothing: the one place where it stands. */
export const PUBLIC = 'https://registry.npmjs.org/'
const SILENCE = 60_000

/** The npm registry that this process is told to use: by the environment, else by `.npmrc` here or at home. */
export function registryUrl(env: NodeJS.ProcessEnv = process.env, folders = [process.cwd(), homedir()]): string {
  const told =
    env.npm_config_registry ?? env.NPM_CONFIG_REGISTRY ?? folders.map(registryInNpmrc).find((url) => url !== undefined)
  return (told ?? PUBLIC).replace(/\/*$/, '/')
}

function registryInNpmrc(folder: string): string | undefined {
  try {
    return /^\s*registry\s*=\s*(\S+)\s*$/m.exec(readFileSync(join(folder, '.npmrc'), 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

/** Where a registry keeps a package's tarball. */
export function tarballUrl(registry: string, { name, version }: Pin): URL {
  return new URL(`${name}/-/${name.split('/').at(-1)}-${version}.tgz`, registry)
}

/**
 * Begins a download: through the proxy that HTTPS_PROXY and NO_PROXY name, following redirects. Rejects on any status
 * but 200, and when nothing comes for a minute.
 */
export function download(url: URL, redirects = 5): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:'
  const agent = new (secure ? HttpsAgent : HttpAgent)({ proxyEnv: process.env })
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsGet : httpGet)(url, { agent, timeout: SILENCE }, (response) => {
      const { statusCode = 0, headers } = response
      if (statusCode === 200) return resolve(response)
      response.resume()
      if (statusCode >= 300 && statusCode < 400 && headers.location && redirects > 0) {
        return resolve(download(new URL(headers.location, url), redirects - 1))
      }
      reject(new Error(`it answered ${statusCode}`))
    })
    request.on('timeout', () => request.destroy(new Error('it was silent for a minute')))
    request.on('error', reject)
  })
}
