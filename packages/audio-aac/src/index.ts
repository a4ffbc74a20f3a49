// @cbir/audio-aac: AAC for @cbir/audio-decode. It runs FAAD2, which is under the GNU General Public License, version 2.

export { aac } from './aac-decoder.ts'
