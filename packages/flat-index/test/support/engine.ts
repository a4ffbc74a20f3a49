// The C++ program that checks the engine against a full sort.

import { filesIn, kitSources, type NativeProgram, STRICT } from '../../../../tooling/compile-native.ts'

const native = new URL('../../native/', import.meta.url)

/** Its argument: of all cases every so manieth. It fails where an answer is not exact. */
export function engineProgram(flags: readonly string[], of: Pick<NativeProgram, 'compiler' | 'runner'> = {}): NativeProgram {
  return {
    ...of,
    flags: [...STRICT, ...flags],
    sources: [...filesIn(native, /^(?!addon).*\.cc$/), ...filesIn(new URL('test/', native), /\.cc$/), ...kitSources()],
  }
}
