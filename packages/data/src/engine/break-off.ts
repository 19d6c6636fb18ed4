/** How long DuckDB has to notice that it is interrupted: it looks from one batch of rows to the next. */
const NOTICE_MS = 3000

let left = 0

/** Whether work that was broken off runs on, with a thread of its own. */
export function runsOn(): boolean {
  return left > 0
}

/**
 * Work that a signal breaks off; the signal's reason is thrown. DuckDB cannot be interrupted within one call of a
 * function, which may take hours: such work is left to itself, and nobody waits for it.
 */
export async function brokenOff<T>(work: Promise<T>, interrupt: () => void, signal: AbortSignal): Promise<T> {
  const over = new AbortController()
  let notice: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const leave = () => {
      left++
      const ends = () => left--
      work.then(ends, ends)
      reject(signal.reason)
    }
    const abort = () => {
      interrupt()
      notice = setTimeout(leave, NOTICE_MS)
    }
    signal.addEventListener('abort', abort, { once: true, signal: over.signal })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
    clearTimeout(notice)
  }
}

/**
 * Ends the process where work runs on that was broken off, and does nothing where none does; to be called last.
 * `process.exit` would wait for that work, and so would the end of the program.
 */
export function endLeftWork(code: number): void {
  if (left === 0) return
  if (process.platform === 'win32') process.kill(process.pid, 'SIGKILL')
  process.execve!('/bin/sh', ['sh', '-c', `exit ${code}`], {})
}
