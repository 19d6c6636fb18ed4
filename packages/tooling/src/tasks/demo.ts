import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { bundle } from '../bundle.ts'
import { ROOT } from '../paths.ts'
import { setUpAct, setUpPython } from '../setup.ts'

/** Sets up what the demo needs and plays it. */
export async function demo(args: string[]): Promise<number> {
  console.error('Set up (the first time takes a few minutes, later ones seconds)')
  const [act, python] = await Promise.all([
    setUpAct(),
    setUpPython('example', join(ROOT, 'docs/examples/flight-delay/requirements.txt')),
    bundle(),
  ])
  const child = spawn(process.execPath, [join(ROOT, 'packages/demo/src/main.ts'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, MODELYARD_ACT: act, MODELYARD_PYTHON: python },
  })
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
}
