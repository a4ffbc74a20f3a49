// What this package offers beside what searches and learns.

export { diaryDescriptor, note, pairClassification } from './elements.js'
export { letterCounts, letterGenerator, letters } from './letters.js'
export { listStore, objectSet, shelf } from './stores.js'
