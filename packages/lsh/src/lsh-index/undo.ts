// Undo: the steps that take back what a change has done so far, for the case that it fails.

/** Steps are taken back in the opposite order, every one of them, whatever another throws. */
export class Undo {
  private steps: (() => Promise<unknown> | unknown)[] = []

  add(step: () => Promise<unknown> | unknown): void {
    this.steps.push(step)
  }

  /** Takes everything back; false where a step failed. */
  async run(): Promise<boolean> {
    const { steps } = this
    this.steps = []
    let whole = true
    for (const step of steps.reverse()) {
      try {
        await step()
      } catch {
        whole = false
      }
    }
    return whole
  }
}
