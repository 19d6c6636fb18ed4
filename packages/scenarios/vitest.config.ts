import { defineConfig } from 'vitest/config'

// Each story starts a server and runs jobs: two at once are enough for two cores.
export default defineConfig({ test: { testTimeout: 180_000, hookTimeout: 60_000, maxWorkers: 2 } })
