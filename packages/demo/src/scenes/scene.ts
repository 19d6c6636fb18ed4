import type { Tell } from '../narrator.ts'
import type { World } from '../world.ts'

/** One chapter of the story. */
export interface Scene {
  title: string
  play(world: World, tell: Tell): Promise<void>
}
