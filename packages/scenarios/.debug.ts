import { join } from 'node:path'
import { at } from '@modelyard/github'
import { openPullRequest, openWorld, toyModel, waitForRun, writeModel, logOf, comments, jobsOf } from './src/index.ts'
const world = await openWorld({ workflows: ['pull-request.yml'] })
await world.push('Begin')
await writeModel(join(world.clone, 'models/left'), toyModel('left'))
await writeModel(join(world.clone, 'models/right'), toyModel('right', { 'min: 0.6,': 'min: 0.99,' }))
const t = Date.now()
const pull = await openPullRequest(world, 'two-models')
const run = await waitForRun(world, { workflow: 'pull-request.yml', sha: pull.head })
console.log(run, Date.now() - t)
const jobs = await jobsOf(world.ada, run)
console.log(jobs)
for (const j of Object.keys(jobs)) { console.log('=====', j); console.log(await logOf(world.ada, run, j).catch(String)) }
console.log(await comments(world.ada, pull))
await world.close()
