import { flag, type Inputs as InputsOf, needed, optional, secret } from '@modelyard/action-kit'

export const inputs = { model: needed, stage: optional, from: optional, reason: optional, plan: flag, token: secret }
export type Inputs = InputsOf<typeof inputs>

export const outputs = ['title', 'stage', 'from', 'to', 'environment', 'tag'] as const
export type Output = (typeof outputs)[number]
