import { UserError } from '@modelyard/spec'
import type { NativeName } from './options.ts'
import pins from './pins.json' with { type: 'json' }

/** A package as it is fetched: its content is known before it comes. */
export interface Pin {
  name: string
  version: string
  /** `sha512-` and the digest of its tarball in base64. */
  integrity: string
}

/** What makes one native module on one machine. */
export interface Pins {
  name: NativeName
  version: string
  /** The package to load. */
  entry: string
  /** `linux-x64`, as Node names platform and architecture. */
  platform: string
  packages: Pin[]
}

export interface Machine {
  platform: string
  arch: string
  /** Whether its C library is musl, as on Alpine, for which ONNX Runtime is not built. */
  musl: boolean
}

/** Whether a module is built for a machine. */
export function isBuiltFor(name: NativeName, { platform, arch, musl }: Machine): boolean {
  return pins[name].platforms.includes(`${platform}-${arch}`) && !musl
}

/** The packages that a machine needs; a `UserError` where there are none for it. */
export function pinsFor(name: NativeName, machine: Machine): Pins {
  const { version, entry, packages } = pins[name]
  const here = `${machine.platform}-${machine.arch}`
  if (!isBuiltFor(name, machine)) {
    throw new UserError(
      `Modelyard does not run on ${machine.musl ? `${here} with musl` : here}. Use Linux (glibc), macOS or Windows, on x64 or arm64.`,
    )
  }
  return {
    name,
    version,
    entry,
    platform: here,
    packages: packages.filter((pin) => !('platform' in pin) || pin.platform === here),
  }
}

export function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, musl: process.platform === 'linux' && isMusl() }
}

/** As detect-libc does: Node's own report names the version of glibc that it runs on, if it does. */
function isMusl(): boolean {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report
  report.excludeNetwork = true
  return (report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime === undefined
}

/** Of ONNX Runtime for WebAssembly: what Node loads. The rest, over 100 MB, is for browsers. */
const WASM = [
  'package.json',
  'dist/ort.node.min.js',
  'dist/ort-wasm-simd-threaded.mjs',
  'dist/ort-wasm-simd-threaded.wasm',
]

/** Whether a file of a package's tarball is needed on this platform: code, and binaries for no other machine. */
export function isNeeded(path: string, platform: string, name: string): boolean {
  if (name === 'onnxruntime-web') return WASM.includes(path)
  if (/\.(?:d\.ts|map|md)$/.test(path)) return false
  if (!path.startsWith('bin/')) return true
  return path.startsWith(`bin/napi-v6/${platform.replace('-', '/')}/`)
}
