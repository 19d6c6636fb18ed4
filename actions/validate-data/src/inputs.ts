import { flag, type Inputs as InputsOf, needed, secret } from '@modelyard/action-kit'
import { readShard } from '@modelyard/steps'

const shard = (written: string, name: string) => readShard(written, `The input "${name}"`)

export const inputs = { model: needed, shard, merge: flag, token: secret }
export type Inputs = InputsOf<typeof inputs>

export const outputs = ['verdict', 'records'] as const
export type Output = (typeof outputs)[number]
