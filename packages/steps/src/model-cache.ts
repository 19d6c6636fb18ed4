import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Cache } from '@modelyard/registry'

/**
 * Where models are kept by their digest between jobs and between runs: the runner's tool cache, else the user's.
 * Undefined on GitHub's own runners, which live for one job: a second copy would only fill their disk.
 */
export function modelCache(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Cache | undefined {
  if (env.RUNNER_ENVIRONMENT === 'github-hosted') return undefined
  return { folder: join(cacheFolder(env, platform), 'modelyard', 'sha256') }
}

function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.RUNNER_TOOL_CACHE) return env.RUNNER_TOOL_CACHE
  if (platform === 'win32') return env.LOCALAPPDATA ?? homedir()
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
}
