import { hash } from 'node:crypto'
import { once } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Html, html } from './html.ts'

/** How long one text may take. What GitHub allows of a comment can keep the parser busy for minutes. */
const MAX_MILLISECONDS = 2000

let worker: Worker | undefined
/** Digests of the texts that took too long. */
const hopeless = new Set<string>()
let last: Promise<unknown> = Promise.resolve()

/**
 * GitHub-flavoured markdown as GitHub shows it, made beside the server, which goes on meanwhile. As it was written where
 * that takes too long or is nested too deeply.
 */
export async function renderMarkdown(text: string | null, repository: string): Promise<Html> {
  const source = text ?? ''
  const turn = last.then(() => renderInTime(source, repository))
  last = turn.catch(() => {})
  const shown = await turn
  return html`<div class="markdown">${shown === undefined ? html`<pre>${source}</pre>` : new Html(shown)}</div>`
}

async function renderInTime(text: string, repository: string): Promise<string | undefined> {
  const digest = hash('sha256', text)
  if (hopeless.has(digest)) return undefined
  const thread = worker ?? (await startWorker())
  try {
    const answer = once(thread, 'message', { signal: AbortSignal.timeout(MAX_MILLISECONDS) })
    thread.postMessage({ text, repository })
    const [shown] = (await answer) as [string | undefined]
    return shown
  } catch {
    hopeless.add(digest)
    worker = undefined
    await thread.terminate()
    return undefined
  }
}

async function startWorker(): Promise<Worker> {
  // TypeScript here, JavaScript in the package.
  const program = `./markdown-worker${extname(import.meta.url)}`
  const thread = new Worker(new URL(program, import.meta.url), { execArgv: [] })
  thread.unref()
  // Its time does not run before it can begin.
  await once(thread, 'message')
  worker = thread
  return thread
}
