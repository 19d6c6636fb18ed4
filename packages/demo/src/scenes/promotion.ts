import { promoteToProduction, promoteToStaging } from '../promotions.ts'
import type { Scene } from './scene.ts'

/** To staging at once, to production with Rita's approval. */
export const promotion: Scene = {
  title: 'v1.0.0 goes to staging, and with Rita’s approval to production',
  async play(world, tell) {
    await promoteToStaging(world, tell, 'v1.0.0', 'flight-delay#staging#1')
    await promoteToProduction(world, tell, { version: 'v1.0.0', tag: 'flight-delay#production#1', replaces: null })
  },
}
