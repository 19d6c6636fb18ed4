export { configureNative, hasNative, loadNative, resolveNative } from './load.ts'
export type { NativeCache, NativeName, NativeOptions } from './options.ts'
