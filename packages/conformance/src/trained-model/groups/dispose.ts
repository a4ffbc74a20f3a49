// Group `dispose`: no new calls, but those in flight are finished first.

import { answersWithin, ok, rejects, same } from '../../framework/check.ts'
import { heldBack, waitTurns } from '../../framework/held-back.ts'
import type { ModelGroup } from '../model-case.ts'

export const disposeGroup: ModelGroup = {
  name: 'dispose',
  rule: 'refuses new calls (DISPOSED), waits for those in flight; a second call does nothing',
  cases: {
    'new calls are refused': async (t) => {
      const component = await t.trained()
      const directory = t.has('persist') ? await t.directory() : ''
      await component.dispose()
      for (const [name, call] of Object.entries(t.questions(component))) await rejects(call, 'DISPOSED', `${name} after dispose`)
      if (t.has('persist')) await rejects(() => component.save(directory), 'DISPOSED', 'save after dispose')
      if (!t.trains) return
      const fresh = await t.make()
      await fresh.dispose()
      await rejects(() => t.teach(fresh, [t.vectors(t.rows)]), 'DISPOSED', 'training after dispose')
    },
    'a second dispose does nothing': async (t) => {
      const component = await t.trained()
      await Promise.all([component.dispose(), component.dispose()])
      await component.dispose()
    },
    'a training in flight is finished first': async (t) => {
      if (!t.trains) return
      const component = await t.make()
      const { source, reached, release } = heldBack(t.vectors(t.rows), [t.vectors(t.rows)])
      t.defer(release)
      const taught = t.teach(component, source)
      await answersWithin(Promise.race([reached, taught]), t.patience, 'a training that reads its source')
      let gone = false
      const disposed = component.dispose().then(() => {
        gone = true
      })
      await waitTurns(10)
      ok(!gone, 'dispose waits for a training in flight')
      release()
      await taught
      await disposed
    },
    'questions in flight are answered': async (t) => {
      const component = await t.trained()
      const vectors = t.vectors(2)
      const flying = Array.from({ length: 20 }, () => t.ask(component, vectors))
      const disposed = component.dispose()
      const [first, ...others] = await Promise.all(flying)
      for (const answer of others) same(answer.length, first!.length, 'numbers of an answer that was in flight')
      await disposed
    },
  },
}
