import { defineConfig } from 'vitest/config'

/** The example is prepared and trained in Python, which takes its time on a busy machine. */
export default defineConfig({ test: { testTimeout: 180_000, hookTimeout: 180_000 } })
