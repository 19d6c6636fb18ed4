/** The server's time: that of the machine, until a test moves it on. */
export interface Clock {
  time: () => Date
  /** To the second, as GitHub writes it: `2026-11-22T09:30:00Z`. */
  now: () => string
  /** Calls back once the time has come, by itself or because it was moved; the answer calls it off. */
  at: (time: Date, callback: Callback) => () => void
  /** Moves the time on by so many milliseconds; what was to happen meanwhile happens, the earliest first. */
  advance: (milliseconds: number) => Promise<void>
  close: () => void
}

type Callback = () => void | Promise<void>

interface Alarm {
  time: number
  callback: Callback
}

/** `setTimeout` takes no more than this. */
const LONGEST_WAIT = 2 ** 31 - 1

export function createClock(): Clock {
  const alarms = new Set<Alarm>()
  let ahead = 0
  let timer: NodeJS.Timeout | undefined
  const time = () => new Date(Date.now() + ahead)

  function wait(): void {
    clearTimeout(timer)
    const next = earliest()
    if (!next) return
    timer = setTimeout(ring, Math.min(Math.max(next.time - time().getTime(), 0), LONGEST_WAIT))
    timer.unref()
  }

  function ring(): void {
    for (let next = earliest(); next && next.time <= time().getTime(); next = earliest()) {
      alarms.delete(next)
      void next.callback()
    }
    wait()
  }

  const earliest = () => [...alarms].sort((a, b) => a.time - b.time)[0]

  return {
    time,
    now: () => formatTime(time()),
    at: (when, callback) => {
      const alarm = { time: when.getTime(), callback }
      alarms.add(alarm)
      wait()
      return () => {
        alarms.delete(alarm)
        wait()
      }
    },
    advance: async (milliseconds) => {
      const target = time().getTime() + milliseconds
      // Each alarm sees the time for which it was set.
      for (let next = earliest(); next && next.time <= target; next = earliest()) {
        ahead += Math.max(next.time - time().getTime(), 0)
        alarms.delete(next)
        await next.callback()
      }
      ahead += Math.max(target - time().getTime(), 0)
      wait()
    },
    close: () => {
      alarms.clear()
      clearTimeout(timer)
    },
  }
}

/** GitHub's times carry no fraction. */
export function formatTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}
