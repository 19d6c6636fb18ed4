import { homedir } from 'node:os'
import { join } from 'node:path'
import type { NativeName, NativeOptions } from './options.ts'
import { isBuiltFor, pinsFor, thisMachine } from './pins.ts'

// Bundlers follow every `createRequire` that they can see and then break what it loads.
const { createRequire } = process.getBuiltinModule('node:module')

let configured: NativeOptions = {}
const loaded = new Map<NativeName, Promise<unknown>>()

/** Whether a native module is built for this machine. */
export function hasNative(name: NativeName): boolean {
  return isBuiltFor(name, thisMachine())
}

/** Sets the options of every later `loadNative` in this process. */
export function configureNative(options: NativeOptions): void {
  configured = { ...configured, ...options }
}

/**
 * Loads a native module, once per process: from `node_modules` where there is one, else from the tool cache, else from
 * the npm registry, checked against the SHA-512 that this code carries. `T` is the type of the module.
 * Throws a `UserError` on a machine that is not supported, without network, and on a wrong digest.
 */
export function loadNative<T>(name: NativeName, options: NativeOptions = {}): Promise<T> {
  const known = loaded.get(name)
  if (known) return known as Promise<T>
  const loading = load(name, { ...configured, ...options })
  loaded.set(name, loading)
  loading.catch(() => loaded.delete(name))
  return loading as Promise<T>
}

async function load(name: NativeName, options: NativeOptions): Promise<unknown> {
  return createRequire(import.meta.url)(await resolveNative(name, options))
}

/** The file that `loadNative` loads, for a process of its own; fetched where it is nowhere yet. */
export async function resolveNative(name: NativeName, options: NativeOptions = {}): Promise<string> {
  const { entry } = pinsFor(name, thisMachine())
  return resolveFrom(import.meta.url, entry) ?? (await resolveInstalled(name, { ...configured, ...options }))
}

/** Loads a module from the tool cache, whatever `node_modules` holds. */
export async function loadInstalled(name: NativeName, options: NativeOptions): Promise<unknown> {
  return createRequire(import.meta.url)(await resolveInstalled(name, options))
}

async function resolveInstalled(name: NativeName, options: NativeOptions): Promise<string> {
  const pins = pinsFor(name, thisMachine())
  // Most processes fetch nothing: they need not load what can.
  const { install } = await import('./install.ts')
  const folder = await install(pins, { ...options, toolCache: options.toolCache ?? defaultToolCache() })
  return createRequire(join(folder, 'index.js')).resolve(pins.entry)
}

function resolveFrom(place: string, specifier: string): string | undefined {
  try {
    return createRequire(place).resolve(specifier)
  } catch {
    return undefined
  }
}

/** The runner's tool cache, else the user's cache folder. */
function defaultToolCache(env: NodeJS.ProcessEnv = process.env): string {
  if (env.RUNNER_TOOL_CACHE) return join(env.RUNNER_TOOL_CACHE, 'modelyard')
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? homedir(), 'modelyard', 'native')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'modelyard', 'native')
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'modelyard', 'native')
}
