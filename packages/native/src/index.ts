export { configureNative, hasNative, loadNative } from './load.ts'
export type { NativeCache, NativeName, NativeOptions } from './options.ts'
