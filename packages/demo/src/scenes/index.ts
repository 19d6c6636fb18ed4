import { betterModel } from './better-model.ts'
import { createRepository } from './create-repository.ts'
import { firstCandidate } from './first-candidate.ts'
import { firstVersion } from './first-version.ts'
import { kilometres } from './kilometres.ts'
import { promotion } from './promotion.ts'
import { quietMonth } from './quiet-month.ts'
import { rollback } from './rollback.ts'
import type { Scene } from './scene.ts'
import { worseModel } from './worse-model.ts'

/** The story, in order. */
export const SCENES: Scene[] = [
  createRepository,
  firstCandidate,
  firstVersion,
  promotion,
  worseModel,
  betterModel,
  quietMonth,
  kilometres,
  rollback,
]
