import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'modelyard-duckdb-'
/** Other machines and containers may share the folder, and have processes of their own. */
const HOST = hostname().replace(/[^a-z0-9]+/gi, '_')
const name = new RegExp(`^${PREFIX}${HOST}-(\\d+)-`)

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const folders = new Set<string>()
let swept = false

/** A folder for rows of data, which nobody may find when the process has ended, in whatever way. */
export function makeTemporary(): string {
  if (!swept) sweep()
  swept = true
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${HOST}-${process.pid}-`))
  if (folders.size === 0) {
    process.on('exit', removeAll)
    for (const signal of SIGNALS) process.on(signal, stop)
  }
  folders.add(folder)
  return folder
}

export function removeTemporary(folder: string): void {
  remove(folder)
  folders.delete(folder)
  if (folders.size > 0) return
  process.off('exit', removeAll)
  for (const signal of SIGNALS) process.off(signal, stop)
}

/** Ends as the signal would have ended the process, unless somebody else listens to it, too. */
function stop(signal: NodeJS.Signals): void {
  removeAll()
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function removeAll(): void {
  for (const folder of folders) removeTemporary(folder)
}

/** Takes away what processes have left that were killed. */
function sweep(): void {
  for (const each of readdirSync(tmpdir())) {
    const pid = name.exec(each)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) remove(join(tmpdir(), each))
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** A folder that is another user's stays. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (cause) {
    if (!['EACCES', 'EPERM'].includes(String((cause as NodeJS.ErrnoException).code))) throw cause
  }
}
