import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const MERMAID = createRequire(import.meta.url).resolve('@mermaid-js/tiny')

/** Mermaid, and what shows each code block of that language as a diagram, as GitHub does in a frame of its own. */
export async function diagramScript(): Promise<string> {
  return `${await readFile(MERMAID, 'utf8')}\n;(${show.toString()})()\n`
}

interface Page {
  document: {
    querySelectorAll: (
      selector: string,
    ) => Iterable<{ textContent: string; parentElement: { replaceWith: (e: object) => void } }>
    createElement: (name: string) => { className: string; textContent: string }
  }
  mermaid: { initialize: (options: object) => void; run: () => Promise<void> }
  matchMedia: (query: string) => { matches: boolean }
}

/** Runs in the browser. */
function show(): void {
  const { document, mermaid, matchMedia } = globalThis as unknown as Page
  for (const code of [...document.querySelectorAll('code.language-mermaid')]) {
    const diagram = document.createElement('pre')
    diagram.className = 'mermaid'
    diagram.textContent = code.textContent
    code.parentElement.replaceWith(diagram)
  }
  const theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'default'
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme })
  void mermaid.run()
}
