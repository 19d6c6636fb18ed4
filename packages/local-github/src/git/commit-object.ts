/** Whom a commit or tag names. */
export interface Person {
  name: string
  email: string
  /** ISO 8601; now when missing. */
  date?: string
}

export interface NewCommit {
  tree: string
  parents: string[]
  message: string
  author: Person
  committer: Person
}

/** The text of a commit object, as `git commit-tree` makes it. Throws where git takes a name, time or message not. */
export function commitText({ tree, parents, message, author, committer }: NewCommit, now: Date): string {
  const lines = [
    `tree ${tree}`,
    // One that is named twice counts once.
    ...[...new Set(parents)].map((parent) => `parent ${parent}`),
    `author ${identity(author, now)}`,
    `committer ${identity(committer, now)}`,
  ]
  const text = `${lines.join('\n')}\n\n${message}`
  if (text.includes('\0')) throw new Error('a commit holds no zero byte')
  return text
}

/** The same with a signature, which stands as the last of its header's fields. */
export function withSignature(commit: string, signature: string): string {
  const end = commit.indexOf('\n\n')
  return `${commit.slice(0, end)}\ngpgsig ${signature.replaceAll('\n', '\n ')}${commit.slice(end)}`
}

/** `Ann <ann@example.com> 1767323045 +0100`. */
export function identity({ name, email, date }: Person, now: Date): string {
  const plain = trim(name)
  if (plain === '') throw new Error(`empty ident name (for <${email}>) not allowed`)
  return `${plain} <${trim(email)}> ${date ? timeOf(date) : `${seconds(now)} +0000`}`
}

// What git takes from both ends, and from within.
const AT_ENDS = /[\0-\x20.,:;<>"\\']/
const WITHIN = /[\n<>]/g

function trim(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && AT_ENDS.test(text[start]!)) start++
  while (end > start && AT_ENDS.test(text[end - 1]!)) end--
  return text.slice(start, end).replace(WITHIN, '')
}

/** Seconds and zone of a time, which is UTC where it names none. */
function timeOf(date: string): string {
  const at = new Date(date)
  if (!(at.getTime() >= 0)) throw new Error(`invalid date format: ${date}`)
  const [, sign = '+', hours = '00', minutes = '00'] = /([+-])(\d\d):?(\d\d)$/.exec(date.slice(10)) ?? []
  return `${seconds(at)} ${sign}${hours}${minutes}`
}

const seconds = (at: Date) => Math.floor(at.getTime() / 1000)
