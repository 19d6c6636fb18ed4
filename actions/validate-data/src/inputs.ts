import { type Inputs as InputsOf, needed } from '@modelyard/action-kit'

export const inputs = { model: needed }
export type Inputs = InputsOf<typeof inputs>

export const outputs = ['verdict', 'records'] as const
export type Output = (typeof outputs)[number]
