import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { UserError } from '@modelyard/spec'
import { type ReadEntry, Unpack } from 'tar'
import type { NativeOptions } from './options.ts'
import { isNeeded, type Pin, type Pins } from './pins.ts'
import { download, registryUrl, tarballUrl } from './registry.ts'

/** Written last into a folder: without it, the folder is half done. */
const MARK = 'complete'

/**
 * The folder that holds a module's packages, fetched if need be. It appears in one step: every package is fetched,
 * checked and unpacked beside it first, so that whoever is interrupted leaves nothing that another would use.
 */
export async function install(pins: Pins, options: NativeOptions & { toolCache: string }): Promise<string> {
  const folder = join(options.toolCache, pins.name, pins.version, pins.platform)
  if (await isComplete(folder)) return folder
  const key = `modelyard-native-${pins.name}-${pins.version}-${pins.platform}`
  if (await restore(folder, key, options)) return folder

  const beside = `${folder}.${randomUUID()}`
  try {
    await mkdir(beside, { recursive: true })
    for (const pin of pins.packages) await fetchPackage(pin, pins.platform, beside, options.log)
    await writeFile(join(beside, MARK), `${pins.packages.map(({ integrity }) => integrity).join('\n')}\n`)
    await settle(beside, folder)
  } catch (error) {
    throw sentence(error, folder)
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
  await options.cache?.save([folder], key).catch((error) => options.log?.(`${pins.name} was not cached: ${error}`))
  return folder
}

async function isComplete(folder: string): Promise<boolean> {
  return stat(join(folder, MARK)).then(
    () => true,
    () => false,
  )
}

/** A cache that does not answer is no reason to stop: what it would have brought is fetched. */
async function restore(folder: string, key: string, { cache, log }: NativeOptions): Promise<boolean> {
  try {
    if (await cache?.restore([folder], key)) return await isComplete(folder)
  } catch (error) {
    log?.(`The cache cannot be read: ${error}`)
  }
  return false
}

/** Puts the finished folder in its place, unless another process was faster. */
async function settle(beside: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  try {
    await rename(beside, folder)
  } catch (error) {
    if (await isComplete(folder)) return
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    await rm(folder, { recursive: true, force: true })
    await rename(beside, folder)
  }
}

async function fetchPackage(pin: Pin, platform: string, root: string, log: NativeOptions['log']): Promise<void> {
  const cwd = join(root, 'node_modules', pin.name)
  await mkdir(cwd, { recursive: true })
  const url = tarballUrl(registryUrl(), pin)
  const hash = createHash('sha512')
  const response = await download(url).catch((cause) => {
    throw unreachable(pin, url, cause)
  })
  const progress = reporter(pin, Number(response.headers['content-length'] ?? 0), log)
  const digest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      progress(chunk.length)
      done(null, chunk)
    },
  })
  let broken: unknown
  try {
    await pipeline(response, digest, new Unpack({ cwd, strip: 1, strict: true, filter: filter(pin, platform) }))
  } catch (error) {
    broken = error
    if (!response.complete) throw unreachable(pin, url, error)
  }
  if (broken || `sha512-${hash.digest('base64')}` !== pin.integrity) {
    throw new UserError(
      `${pin.name} ${pin.version} from ${url.host} is not what Modelyard was built with: its SHA-512 differs. Nothing of it was kept; check the registry in npm_config_registry or .npmrc.`,
      { cause: broken },
    )
  }
}

/** Files only, inside the folder only, and none for other machines. */
function filter({ name }: Pin, platform: string) {
  return (path: string, entry: unknown): boolean => {
    const { type } = entry as ReadEntry
    const inside = path.split('/').slice(1).join('/')
    return (
      (type === 'File' || type === 'OldFile') && !path.split(/[\\/]/).includes('..') && isNeeded(inside, platform, name)
    )
  }
}

function reporter({ name, version }: Pin, total: number, log: NativeOptions['log']) {
  const megabytes = (bytes: number) => Math.round(bytes / 1e6)
  let received = 0
  let next = Date.now() + 2000
  return (bytes: number) => {
    received += bytes
    if (Date.now() < next) return
    next += 3000
    log?.(`Fetching ${name} ${version}: ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ''} MB`)
  }
}

function unreachable({ name, version }: Pin, url: URL, cause: unknown): UserError {
  return new UserError(
    `${name} ${version} cannot be fetched from ${url.host}: ${(cause as Error).message}. Check the network, HTTPS_PROXY, NODE_EXTRA_CA_CERTS (a certificate of your own), and the registry in npm_config_registry or .npmrc.`,
    { cause },
  )
}

function sentence(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof UserError || !['EACCES', 'EROFS', 'ENOSPC', 'EPERM'].includes(code ?? '')) return error
  return new UserError(
    `${folder} cannot be written (${code}). Make room there, or name another folder in RUNNER_TOOL_CACHE.`,
    {
      cause: error,
    },
  )
}
