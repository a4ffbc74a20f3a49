// Types of test-data.mjs, for tests in TypeScript.

/** Whether the data are there. Tests that need them are skipped without, and CI fails on such a skip. */
export const hasTestData: boolean

/** The path of a file of the test data. */
export function testData(...segments: string[]): string
