import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // The budget measures times, and every file here would build the same bundle where it is stale.
    fileParallelism: false,
    server: { deps: { inline: [/@actions\/(?:languageservice|workflow-parser|expressions)/] } },
  },
})
