import type { Tell } from '../narrator.ts'
import type { World } from '../world.ts'
import { betterModel } from './better-model.ts'
import { createRepository } from './create-repository.ts'
import { firstCandidate } from './first-candidate.ts'
import { firstVersion } from './first-version.ts'
import { promotion } from './promotion.ts'
import { worseModel } from './worse-model.ts'

/** One chapter of the story. */
export interface Scene {
  title: string
  play(world: World, tell: Tell): Promise<void>
}

export const SCENES: Scene[] = [createRepository, firstCandidate, firstVersion, promotion, worseModel, betterModel]
