// The hash indexes in worker threads.

import { testWorkerThreads } from '../../../../tooling/worker-threads.ts'

testWorkerThreads(new URL('support/worker-program.ts', import.meta.url), 3 * 50 * 10)
