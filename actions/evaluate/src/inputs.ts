import { type Inputs as InputsOf, needed, secret } from '@modelyard/action-kit'

export const inputs = { model: needed, token: secret }
export type Inputs = InputsOf<typeof inputs>

export const outputs = ['verdict', 'records', 'champion', 'approval'] as const
export type Output = (typeof outputs)[number]
