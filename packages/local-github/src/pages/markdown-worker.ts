import { parentPort } from 'node:worker_threads'
import { markdownToHtml } from './markdown-to-html.ts'

// Answers each text with its HTML, or with undefined where it is nested too deeply.
parentPort?.on('message', ({ text, repository }: { text: string; repository: string }) => {
  parentPort?.postMessage(render(text, repository))
})
parentPort?.postMessage('ready')

function render(text: string, repository: string): string | undefined {
  try {
    return markdownToHtml(text, repository)
  } catch {
    return undefined
  }
}
