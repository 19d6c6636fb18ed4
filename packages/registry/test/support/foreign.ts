import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Repository } from './repository.ts'

const run = promisify(execFile)

/** Makes a tag as a tool does that knows nothing of the log: an annotated one, at a time of its own. */
export async function foreignTag(
  { git }: Repository,
  { name, at, time = new Date(), light = false }: { name: string; at: string; time?: Date; light?: boolean },
): Promise<void> {
  const gitDir = await git('rev-parse', '--absolute-git-dir')
  const env = {
    ...process.env,
    GIT_COMMITTER_NAME: 'bob',
    GIT_COMMITTER_EMAIL: 'bob@example.com',
    GIT_COMMITTER_DATE: time.toISOString(),
  }
  const what = light ? [] : ['-a', '-m', 'Assigned by another tool']
  await run('git', ['tag', ...what, name, `${at}^{commit}`], { cwd: gitDir, env })
}
