/** A `fetch` that lets requests through until it has answered so many; then its process is dead: nothing returns any more. */
export interface Killable {
  fetch: typeof fetch
  /** Requests that were answered. */
  answered(): number
  /** Settles when the process is dead. */
  dead: Promise<'dead'>
}

/** A process that dies right after its Nth answer arrived on the server's side: what it asked for has happened. */
export function killAfter(calls: number): Killable {
  let answered = 0
  let die: (value: 'dead') => void
  const dead = new Promise<'dead'>((resolve) => {
    die = resolve
  })
  const silence = new Promise<never>(() => {})
  return {
    async fetch(input, init) {
      if (answered >= calls) return silence
      const response = await fetch(input, init)
      answered += 1
      if (answered < calls) return response
      if (answered === calls) die('dead')
      return silence
    },
    answered: () => answered,
    dead,
  }
}

/** Does something for each number from 1 to `count`, a few at a time. */
export async function forEachCall(count: number, work: (call: number) => Promise<void>): Promise<void> {
  const calls = Array.from({ length: count }, (_, index) => index + 1)
  const lane = async () => {
    for (let call = calls.shift(); call !== undefined; call = calls.shift()) await work(call)
  }
  await Promise.all([lane(), lane(), lane(), lane()])
}
