/** A `fetch` that lets requests through until it has answered so many; then its process is dead: nothing returns any more. */
export interface Killable {
  fetch: typeof fetch
  /** The requests that were answered: `POST http://…`. */
  answered: string[]
  /** Settles when the process is dead. */
  dead: Promise<'dead'>
}

/** A process that dies right after its Nth answer arrived on the server's side: what it asked for has happened. */
export function killAfter(calls: number): Killable {
  const answered: string[] = []
  let die: (value: 'dead') => void
  const dead = new Promise<'dead'>((resolve) => {
    die = resolve
  })
  const silence = new Promise<never>(() => {})
  return {
    async fetch(input, init) {
      if (answered.length >= calls) return silence
      const response = await fetch(input, init)
      answered.push(`${init?.method ?? 'GET'} ${String(input)}`)
      if (answered.length < calls) return response
      if (answered.length === calls) die('dead')
      return silence
    },
    answered,
    dead,
  }
}

/** A `fetch` that loses the answer to its Nth request, once: the server did what it was asked, the client hears 502. */
export function loseAnswer(call: number): typeof fetch {
  let answered = 0
  return async (input, init) => {
    const response = await fetch(input, init)
    answered += 1
    if (answered !== call) return response
    await response.arrayBuffer()
    return Response.json({ message: 'Bad Gateway' }, { status: 502 })
  }
}

/**
 * The calls after which to die. After a read the world is what it was, and so it is for everybody else after an object
 * that no ref names yet: the first call, the other writes and what follows a download (which may have been passed on)
 * stand for all. MODELYARD_EVERY_CALL=1 takes each one all the same.
 */
export function callsToDieAfter({ answered }: Killable): number[] {
  const all = answered.map((_, index) => index + 1)
  if (process.env.MODELYARD_EVERY_CALL) return all
  const isUnseen = (call: string) => /^GET |\/graphql$|\/git\/(?:blobs|trees|commits|tags)$/.test(call)
  const isTurn = (call: number) => !isUnseen(answered[call - 1]!) || answered[call - 2]?.includes('/releases/assets/')
  return all.filter((call) => call === 1 || isTurn(call))
}

/** Does something for each, a few at a time. */
export async function forEachCall(calls: number[], work: (call: number) => Promise<void>): Promise<void> {
  const queue = [...calls]
  const lane = async () => {
    for (let call = queue.shift(); call !== undefined; call = queue.shift()) await work(call)
  }
  await Promise.all([lane(), lane(), lane(), lane()])
}
