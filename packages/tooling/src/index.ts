export { ROOT } from './paths.ts'
