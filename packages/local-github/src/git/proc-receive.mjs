// Git's proc-receive hook: asks the server about each ref that a push changes, and answers receive-pack ref by ref.
// It runs in a process of its own, so that it stands alone.
import { readSync, writeSync } from 'node:fs'

const PACKET = 65_516

const packet = (text) =>
  Buffer.concat([Buffer.from((Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')), Buffer.from(text)])
const send = (...texts) => {
  for (const text of texts) writeSync(1, packet(text.slice(0, PACKET)))
  writeSync(1, '0000')
}

/** Packets up to the next flush. */
function receive() {
  const lines = []
  for (;;) {
    const length = Number.parseInt(read(4).toString(), 16)
    if (!(length > 0)) return lines
    lines.push(
      read(length - 4)
        .toString()
        .replace(/\n$/, ''),
    )
  }
}

function read(length) {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const count = readSync(0, bytes, at, length - at, null)
    if (count === 0) process.exit(1)
    at += count
  }
  return bytes
}

receive()
send('version=1\n')
const changes = receive().map((line) => {
  const [before, after, ...ref] = line.split(' ')
  return { before, after, ref: ref.join(' ') }
})
const response = await fetch(process.env.LOCAL_GITHUB_PUSH, { method: 'POST', body: JSON.stringify(changes) })
const { said, refused } = await response.json()
writeSync(2, said)
send(
  ...changes.flatMap(({ ref }) =>
    refused[ref] ? [`ng ${ref} ${refused[ref]}`] : [`ok ${ref}`, 'option fall-through'],
  ),
)
