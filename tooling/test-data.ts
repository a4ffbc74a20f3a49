export { hasTestData, testData } from './test-data.mjs'
