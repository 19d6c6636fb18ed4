/**
 * Writes `src/pins.json`: every package that `loadNative` may fetch, with the SHA-512 that the registry gives for it.
 * Run it with `node packages/native/scripts/pin.ts` after a change of the versions below.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const DUCKDB = '1.5.5-r.5'
const ONNXRUNTIME = '1.30.0'
const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64']

interface Pin {
  name: string
  version: string
  integrity: string
  platform?: string
}

function pin(name: string, version: string, platform?: string): Pin {
  const integrity = execFileSync('npm', ['view', `${name}@${version}`, 'dist.integrity'], { encoding: 'utf8' }).trim()
  if (!integrity.startsWith('sha512-')) throw new Error(`${name}@${version} has no SHA-512: ${integrity}`)
  return { name, version, integrity, ...(platform && { platform }) }
}

const pins = {
  duckdb: {
    version: DUCKDB,
    entry: '@duckdb/node-api',
    platforms,
    packages: [
      pin('@duckdb/node-api', DUCKDB),
      pin('@duckdb/node-bindings', DUCKDB),
      ...platforms.map((platform) => pin(`@duckdb/node-bindings-${platform}`, DUCKDB, platform)),
    ],
  },
  onnxruntime: {
    version: ONNXRUNTIME,
    entry: 'onnxruntime-node',
    platforms,
    packages: [pin('onnxruntime-node', ONNXRUNTIME), pin('onnxruntime-common', ONNXRUNTIME)],
  },
}

writeFileSync(new URL('../src/pins.json', import.meta.url), `${JSON.stringify(pins, null, 2)}\n`)
