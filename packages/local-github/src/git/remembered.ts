import { git } from './git.ts'

/** What git said of commits by their ids, of which it never says anything else; the oldest answers are forgotten. */
const answers = new Map<string, Promise<string>>()
const MOST = 1000

/** Asks git once what is about commits that are named by their ids, and small. Rejects with GitError. */
export function gitOnce(gitDir: string, args: readonly string[]): Promise<string> {
  const key = [gitDir, ...args].join('\0')
  const known = answers.get(key)
  if (known) return known
  const answer = git(gitDir, args)
  answers.set(key, answer)
  // What is not there yet may come.
  answer.catch(() => answers.delete(key))
  if (answers.size > MOST) answers.delete(answers.keys().next().value!)
  return answer
}
