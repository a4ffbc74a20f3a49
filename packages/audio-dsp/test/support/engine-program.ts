// The C++ program that checks the kernels beside sums as they are defined.

import { filesIn, kitSources, type NativeProgram, STRICT } from '../../../../tooling/compile-native.ts'

const native = new URL('../../native/', import.meta.url)

/** Its argument: of all cases every so manieth. It fails where an answer is wrong. */
export function engineProgram(flags: readonly string[], of: Pick<NativeProgram, 'compiler' | 'runner'> = {}): NativeProgram {
  const sources = [
    ...filesIn(native, /^(?!addon|wasm).*\.cc$/),
    ...filesIn(new URL('test/', native), /^engine_test\.cc$/),
    ...kitSources(/^cpu\.cc$/),
  ]
  return { ...of, flags: [...STRICT, '-Wno-psabi', ...flags], sources }
}
