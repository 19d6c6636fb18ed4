import { type Inputs as InputsOf, needed, secret } from '@modelyard/action-kit'

export const inputs = { name: needed, version: needed, path: needed, token: secret }
export type Inputs = InputsOf<typeof inputs>

export const outputs = ['path', 'name', 'version', 'sha256'] as const
export type Output = (typeof outputs)[number]
