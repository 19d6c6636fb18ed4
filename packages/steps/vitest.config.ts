import { defineConfig } from 'vitest/config'

// Two packages are tested at a time: what takes a second alone may have to wait for others.
const shared = { testTimeout: 30_000, hookTimeout: 30_000 }
// A mock takes the place of a module only where nothing has imported it yet.
const mocking = ['test/claims.test.ts']

// Files share what they import, which is a third of the work.
export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'steps', isolate: false, exclude: [...mocking, '**/node_modules/**'] } },
      { test: { ...shared, name: 'mocking', include: mocking } },
    ],
  },
})
