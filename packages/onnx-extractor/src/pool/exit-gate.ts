// Exit gate: a process that ends waits for the runs that have begun.
//
// `process.exit()` terminates worker threads wherever they are, and onnxruntime-node 1.30.0 aborts the whole process (SIGABRT, exit code 134) when its
// thread is terminated inside a run. So each worker shows in shared memory whether it is inside the runtime, and the process's `exit`
// event closes the gate to new runs and waits until the others are out.

/** Slots of a gate: 1 while the worker is inside the runtime; 1 when it may not enter any more. */
export const BUSY = 0
export const CLOSED = 1

/** A run that takes longer is given up, and the process may end with an abort. */
const PATIENCE_MS = 60_000

const gates = new Set<Int32Array<SharedArrayBuffer>>()

/** A gate for one worker; leave it to {@link removeGate} when the worker has ended. */
export function addGate(): Int32Array<SharedArrayBuffer> {
  const gate = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
  if (gates.size === 0) process.on('exit', closeGates)
  gates.add(gate)
  return gate
}

export function removeGate(gate: Int32Array<SharedArrayBuffer>): void {
  gates.delete(gate)
  if (gates.size === 0) process.off('exit', closeGates)
}

function closeGates(): void {
  for (const gate of gates) Atomics.store(gate, CLOSED, 1)
  const end = Date.now() + PATIENCE_MS
  for (const gate of gates) {
    while (Atomics.load(gate, BUSY) === 1 && Date.now() < end) Atomics.wait(gate, BUSY, 1, end - Date.now())
  }
}
