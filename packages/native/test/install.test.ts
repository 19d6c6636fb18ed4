import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@modelyard/spec'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { install } from '../src/install.ts'
import type { Pins } from '../src/pins.ts'
import { integrity, startRegistry, tarball } from './registry.ts'

const MAIN = '/engine/-/engine-1.0.0.tgz'
const SCOPED = '/@scope/part/-/part-1.0.0.tgz'

let toolCache: string
let stop: () => void = () => {}

beforeEach(async () => {
  toolCache = await mkdtemp(join(tmpdir(), 'native-'))
})

afterEach(async () => {
  stop()
  vi.unstubAllEnvs()
  await rm(toolCache, { recursive: true })
})

async function setUp(change: { main?: Buffer; cut?: string[] } = {}) {
  const main = await tarball({
    'index.js': 'module.exports = 1',
    'index.d.ts': 'export {}',
    'bin/napi-v6/linux/x64/engine.node': 'for us',
    'bin/napi-v6/win32/x64/engine.dll': 'for others',
  })
  const part = await tarball({ 'package.json': '{}' })
  const registry = await startRegistry({ [MAIN]: change.main ?? main, [SCOPED]: part }, change.cut)
  stop = registry.stop
  vi.stubEnv('npm_config_registry', registry.url)
  const pins: Pins = {
    name: 'duckdb',
    version: '1.0.0',
    entry: 'engine',
    platform: 'linux-x64',
    packages: [
      { name: 'engine', version: '1.0.0', integrity: integrity(main) },
      { name: '@scope/part', version: '1.0.0', integrity: integrity(part) },
    ],
  }
  return { pins, registry }
}

describe('install', () => {
  it('unpacks what this platform needs, and nothing else', async () => {
    const { pins } = await setUp()
    const folder = await install(pins, { toolCache })
    expect(folder).toBe(join(toolCache, 'duckdb', '1.0.0', 'linux-x64'))
    const files = await readdir(join(folder, 'node_modules'), { recursive: true, withFileTypes: true })
    expect(
      files
        .filter((file) => file.isFile())
        .map((file) => file.name)
        .sort(),
    ).toEqual(['engine.node', 'index.js', 'package.json'])
  })

  it('asks the registry once', async () => {
    const { pins, registry } = await setUp()
    await install(pins, { toolCache })
    await install(pins, { toolCache })
    expect(registry.asked).toEqual([MAIN, SCOPED])
  })

  it('does the work again where an earlier one was interrupted', async () => {
    const { pins } = await setUp()
    const half = join(toolCache, 'duckdb', '1.0.0', 'linux-x64')
    await mkdir(join(half, 'node_modules', 'engine'), { recursive: true })
    await writeFile(join(half, 'node_modules', 'engine', 'index.js'), 'half of it')
    const folder = await install(pins, { toolCache })
    expect(await readFile(join(folder, 'node_modules', 'engine', 'index.js'), 'utf8')).toBe('module.exports = 1')
  })

  it('lets several do it at once', async () => {
    const { pins } = await setUp()
    const folders = await Promise.all(Array.from({ length: 4 }, () => install(pins, { toolCache })))
    expect(new Set(folders).size).toBe(1)
    expect(await readdir(join(toolCache, 'duckdb', '1.0.0'))).toEqual(['linux-x64'])
  })

  it('keeps nothing of a package whose digest differs', async () => {
    const { pins } = await setUp({ main: await tarball({ 'index.js': 'module.exports = "evil"' }) })
    await expect(install(pins, { toolCache })).rejects.toThrow(
      /^engine 1\.0\.0 from 127.* is not what Modelyard was built with: its SHA-512 differs/,
    )
    expect(await readdir(join(toolCache, 'duckdb', '1.0.0'))).toEqual([])
  })

  it('keeps nothing of what is no tarball', async () => {
    const { pins } = await setUp({ main: Buffer.from('<html>sign in</html>') })
    await expect(install(pins, { toolCache })).rejects.toThrow(UserError)
    expect(await readdir(join(toolCache, 'duckdb', '1.0.0'))).toEqual([])
  })

  it('keeps nothing of a download that broke off, and says that the network did it', async () => {
    const { pins } = await setUp({ cut: [SCOPED] })
    await expect(install(pins, { toolCache })).rejects.toThrow(/^@scope\/part 1\.0\.0 cannot be fetched from/)
    expect(await readdir(join(toolCache, 'duckdb', '1.0.0'))).toEqual([])
  })

  it('says in one sentence that there is no registry', async () => {
    const { pins } = await setUp()
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9/')
    await expect(install(pins, { toolCache })).rejects.toThrow(/cannot be fetched from 127\.0\.0\.1:9: .*ECONNREFUSED/)
  })

  it('goes through the proxy that the environment names', async () => {
    const { pins, registry } = await setUp()
    vi.stubEnv('npm_config_registry', 'http://registry.invalid/')
    vi.stubEnv('http_proxy', registry.url)
    await expect(install(pins, { toolCache })).rejects.toThrow(/it answered 404/)
    expect(registry.asked).toEqual(['http://registry.invalid/engine/-/engine-1.0.0.tgz'])
  })

  it('asks the cache first, and gives it what was fetched', async () => {
    const { pins, registry } = await setUp()
    const saved: string[][] = []
    const cache = {
      restore: async () => false,
      save: async (paths: string[], key: string) => void saved.push([...paths, key]),
    }
    const folder = await install(pins, { toolCache, cache })
    expect(saved).toEqual([[folder, 'modelyard-native-duckdb-1.0.0-linux-x64']])

    await rm(folder, { recursive: true })
    const restore = async ([path]: string[]) => {
      await mkdir(path!, { recursive: true })
      await writeFile(join(path!, 'complete'), '')
      return true
    }
    expect(await install(pins, { toolCache, cache: { ...cache, restore } })).toBe(folder)
    expect(registry.asked).toHaveLength(2)
  })

  it('fetches when the cache fails', async () => {
    const { pins } = await setUp()
    const broken = () => Promise.reject(new Error('no service'))
    await expect(install(pins, { toolCache, cache: { restore: broken, save: broken } })).resolves.toContain(toolCache)
  })

  it('unpacks no file outside its folder', async () => {
    const { Header } = await import('tar')
    const content = Buffer.alloc(512, 0)
    const block = Buffer.alloc(512)
    new Header({ path: 'package/../../../evil.js', size: 512, type: 'File', mode: 0o644 }).encode(block)
    const hostile = Buffer.concat([block, content, Buffer.alloc(1024)])
    const { pins } = await setUp({ main: hostile })
    pins.packages[0]!.integrity = integrity(hostile)
    await install(pins, { toolCache })
    const files = await readdir(toolCache, { recursive: true })
    expect(files.filter((file) => file.endsWith('evil.js'))).toEqual([])
  })
})
