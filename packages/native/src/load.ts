import type { NativeName, NativeOptions } from './options.ts'

export function configureNative(_options: NativeOptions): void {}

export async function loadNative<T>(_name: NativeName, _options?: NativeOptions): Promise<T> {
  throw new Error('under construction')
}
