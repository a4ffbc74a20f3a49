// nativeTask: one long call into native code, with the caller's signal and progress.

import { type CallOptions, CbirError } from '@cbir/core'
import { abortError, onAbort } from '@cbir/core/define'
import type { NativeAddon, NativeControl } from './load-addon.ts'

/**
 * Starts a call of an addon and gives it a control: aborting the signal stops it at its next look (it rejects with `ABORTED`), and its progress
 * reaches `onProgress`, at most some twenty times a second. Where neither is wanted there is no control.
 *
 * What `onProgress` throws stops the call and rejects it.
 * @example await nativeTask(addon, options, (control) => addon.build(handle, control))
 */
export async function nativeTask<T>(
  addon: Pick<NativeAddon, 'createControl' | 'abort'>,
  options: CallOptions,
  start: (control: NativeControl | undefined) => Promise<T> | T,
): Promise<T> {
  const { signal, onProgress } = options
  if (!signal && !onProgress) return start(undefined)
  let thrown: { readonly error: unknown } | undefined
  const control = addon.createControl(
    onProgress &&
      ((done, total) => {
        try {
          if (!thrown) onProgress(total > 0 ? { done, total } : { done })
        } catch (error) {
          thrown = { error }
          addon.abort(control)
        }
      }),
  )
  if (signal?.aborted) addon.abort(control)
  const forget = signal && onAbort(signal, () => addon.abort(control))
  try {
    return await start(control)
  } catch (error) {
    if (thrown) throw thrown.error
    // What native code threw does not know the signal's reason.
    throw signal?.aborted && CbirError.isInstance(error, 'ABORTED') ? abortError(signal) : error
  } finally {
    forget?.()
  }
}
