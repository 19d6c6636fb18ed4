import type { World } from './world.ts'

export async function savePages(_world: World): Promise<void> {}
