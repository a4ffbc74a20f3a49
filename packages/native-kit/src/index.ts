// @cbir/native-kit: what the TypeScript side of a native addon needs. The C++ side is in native/include/cbir.

export { addonProblem, loadAddon, type NativeAddon, type NativeControl } from './load-addon.ts'
export { nativeTask } from './native-task.ts'
export { shortAnswer } from './short-answer.ts'
export { type QueryBatch, type QueryWork, ShortQueries } from './short-queries.ts'
export { fitsInTurn, spendInTurn } from './turn-budget.ts'
