import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Repository } from './repository.ts'

const run = promisify(execFile)

/** Makes a tag as a tool does that knows nothing of the log: an annotated one, at a time of its own. */
export async function foreignTag(
  { gitDir }: Repository,
  { name, at, time = later(), light = false }: { name: string; at: string; time?: Date; light?: boolean },
): Promise<void> {
  const env = {
    ...process.env,
    GIT_COMMITTER_NAME: 'bob',
    GIT_COMMITTER_EMAIL: 'bob@example.com',
    GIT_COMMITTER_DATE: time.toISOString(),
  }
  const what = light ? [] : ['-a', '-m', 'Assigned by another tool']
  await run('git', ['tag', ...what, name, `${at}^{commit}`], { cwd: gitDir, env })
}

/** The events before it are dated a second apart at least, however quickly they came. */
function later(): Date {
  return new Date(Date.now() + 60_000)
}

/** Makes an annotated tag of main that git would not write by itself: dated at any second since 1970, or signed. */
export async function oddTag(
  { git, gitDir: cwd }: Repository,
  name: string,
  { seconds = 0, message = 'An odd one\n' }: { seconds?: number; message?: string },
): Promise<void> {
  const head = `object ${await git('rev-parse', 'main')}\ntype commit\ntag ${name}\ntagger bob <bob@example.com> ${seconds} +0000`
  const writing = run('git', ['hash-object', '-t', 'tag', '-w', '--literally', '--stdin'], { cwd })
  writing.child.stdin!.end(`${head}\n\n${message}`)
  await git('update-ref', `refs/tags/${name}`, (await writing).stdout.trim())
}
