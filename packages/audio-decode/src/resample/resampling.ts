// The names of resampling, as librosa has them.

/**
 * - `soxr_hq`, `soxr_vhq`: a linear-phase low pass as the documentation of libsoxr specifies it for HQ (pass band to .913 of the lower Nyquist
 *   frequency, stop band from 1, 20 bits) and VHQ (28 bits). Our own filter, not libsoxr's: what lies between .913 and 1 is damped otherwise.
 * - `kaiser_best`, `kaiser_fast`: the interpolated windowed sinc of resampy 0.4
 * - `polyphase`: `scipy.signal.resample_poly`
 * - `fft`: `scipy.signal.resample`, which needs the whole sound in memory
 */
export type Resampling = 'soxr_hq' | 'soxr_vhq' | 'kaiser_best' | 'kaiser_fast' | 'polyphase' | 'fft'

export const RESAMPLINGS: readonly Resampling[] = ['soxr_hq', 'soxr_vhq', 'kaiser_best', 'kaiser_fast', 'polyphase', 'fft']
