import { flag, type Inputs as InputsOf, needed, secret } from '@modelyard/action-kit'

export const inputs = { model: needed, stage: needed, version: needed, replaces: needed, plan: flag, token: secret }
export type Inputs = InputsOf<typeof inputs>

export const outputs = ['title', 'version', 'replaces', 'environment', 'url', 'tag'] as const
export type Output = (typeof outputs)[number]
