import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { openContext } from '../src/context.ts'

it('says nothing that a terminal would obey, whoever wrote it', async () => {
  let err = ''
  const stderr = { write: (text: string) => (err += text) }
  const { log } = await openContext({ stdout: stderr, stderr, env: {}, cwd: tmpdir })
  log.info('by \u001b]0;owned\u0007ada')
  log.warn({ message: 'because \u001b[2Jof\u202e it' })
  await log.group('one\u001b[1m two', async () => {})
  expect(err).toBe('by ada\nbecause of it\none two\n')
})
