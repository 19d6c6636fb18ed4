import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { RULES } from './semantics/rules.ts'

const taken = RULES.find(({ id }) => id === process.env.LOCAL_GITHUB_WITHOUT_RULE)

export default defineConfig({
  plugins: taken ? [takeOut(taken.takeOut)] : [],
  // What is remembered of the server on disk is the whole one.
  test: { globalSetup: ['test/count.ts'], fsModuleCache: taken === undefined },
})

/** The server without one of its rules, see `scripts/take-out-rules.ts`. */
function takeOut({ file, from, to }: { file: string; from: string; to: string }) {
  const path = fileURLToPath(new URL(`src/${file}`, import.meta.url))
  return {
    name: 'take-out',
    enforce: 'pre' as const,
    transform: (code: string, id: string) => (id === path ? code.replace(from, () => to) : undefined),
  }
}
