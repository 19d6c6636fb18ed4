export { ROOT } from './paths.ts'
export { type Released, releaseTo } from './release/release-to.ts'
export { setUpPython } from './setup.ts'
