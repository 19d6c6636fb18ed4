import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { saveLogs } from './logs.ts'
import { Narrator } from './narrator.ts'
import { savePages } from './pages.ts'
import { FOLDER } from './paths.ts'
import { SCENES } from './scenes/index.ts'
import { openWorld } from './world.ts'

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })

await rm(FOLDER, { recursive: true, force: true })
const narrator = new Narrator()
const world = await openWorld(narrator)
try {
  for (const [index, scene] of SCENES.entries())
    await narrator.scene(index + 1, scene.title, (tell) => scene.play(world, tell))
  await savePages(world)
  await narrator.end(world)
  if (values.keep) await world.stayOpen()
} catch (error) {
  narrator.stop(error)
  process.exitCode = 1
} finally {
  await saveLogs(world)
  await world.close()
}
