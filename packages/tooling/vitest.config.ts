import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Two packages are tested at a time: what takes a second alone may have to wait for others.
    testTimeout: 30_000,
    // The budget measures times, and every file here would build the same bundle where it is stale.
    fileParallelism: false,
    server: { deps: { inline: [/@actions\/(?:languageservice|workflow-parser|expressions)/] } },
  },
})
