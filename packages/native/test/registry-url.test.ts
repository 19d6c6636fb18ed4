import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isBuiltFor, isNeeded, pinsFor } from '../src/pins.ts'
import { PUBLIC, registryUrl, tarballUrl } from '../src/registry.ts'

describe('registryUrl', () => {
  it('takes the environment before .npmrc before the public registry', () => {
    const folder = mkdtempSync(join(tmpdir(), 'npmrc-'))
    expect(registryUrl({}, [folder])).toBe(PUBLIC)
    writeFileSync(join(folder, '.npmrc'), '# mirror\nregistry = https://mirror.example/npm\nignore-scripts=true\n')
    expect(registryUrl({}, [folder])).toBe('https://mirror.example/npm/')
    expect(registryUrl({ NPM_CONFIG_REGISTRY: 'https://other.example/' }, [folder])).toBe('https://other.example/')
  })

  it('finds tarballs below a registry that has a path', () => {
    const pin = { name: '@duckdb/node-api', version: '1.2.3', integrity: '' }
    expect(tarballUrl('https://mirror.example/npm/', pin).href).toBe(
      'https://mirror.example/npm/@duckdb/node-api/-/node-api-1.2.3.tgz',
    )
  })
})

describe('pinsFor', () => {
  it.each(['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'])(
    'has both engines for %s',
    (here) => {
      const [platform, arch] = here.split('-') as [string, string]
      const machine = { platform, arch, musl: false }
      expect(pinsFor('duckdb', machine).packages.map(({ name }) => name)).toContain(`@duckdb/node-bindings-${here}`)
      expect(pinsFor('duckdb', machine).packages).toHaveLength(3)
      expect(pinsFor('onnxruntime', machine).packages).toHaveLength(2)
    },
  )

  it('has WebAssembly where ONNX Runtime has no native binary', () => {
    const intel = { platform: 'darwin', arch: 'x64', musl: false }
    expect(isBuiltFor('onnxruntime', intel)).toBe(false)
    expect(pinsFor('duckdb', intel).packages.map(({ name }) => name)).toContain('@duckdb/node-bindings-darwin-x64')
    expect(pinsFor('onnxruntime-web', intel).packages.map(({ name }) => name)).toEqual([
      'onnxruntime-web',
      'onnxruntime-common',
    ])
  })

  it('says in one sentence where it does not run', () => {
    expect(() => pinsFor('duckdb', { platform: 'freebsd', arch: 'x64', musl: false })).toThrow(
      'Modelyard does not run on freebsd-x64. Use Linux',
    )
    expect(() => pinsFor('duckdb', { platform: 'linux', arch: 'x64', musl: true })).toThrow('linux-x64 with musl')
  })

  it('keeps code and the binaries of one platform', () => {
    expect(isNeeded('dist/index.js', 'linux-x64', 'engine')).toBe(true)
    expect(isNeeded('libduckdb.so', 'linux-x64', 'engine')).toBe(true)
    expect(isNeeded('bin/napi-v6/linux/x64/libonnxruntime.so.1', 'linux-x64', 'engine')).toBe(true)
    expect(isNeeded('bin/napi-v6/linux/arm64/libonnxruntime.so.1', 'linux-x64', 'engine')).toBe(false)
    expect(isNeeded('dist/index.d.ts', 'linux-x64', 'engine')).toBe(false)
    expect(isNeeded('dist/ort-wasm-simd-threaded.wasm', 'linux-x64', 'onnxruntime-web')).toBe(true)
    expect(isNeeded('dist/ort-wasm-simd-threaded.jsep.wasm', 'linux-x64', 'onnxruntime-web')).toBe(false)
  })
})
