import { defineConfig } from 'vitest/config'

// Two packages are tested at a time: what takes a second alone may have to wait for others.
// Nothing here outlives a test: files share what they import, which is a fifth of the work.
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 30_000, isolate: false } })
