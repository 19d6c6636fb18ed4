// Prints the seconds from the start of this process until it serves.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalGitHub } from '../src/server.ts'

const root = mkdtempSync(join(tmpdir(), 'local-github-start-'))
const github = await startLocalGitHub({ root })
console.log(performance.now() / 1000)
await github.close()
rmSync(root, { recursive: true, force: true })
