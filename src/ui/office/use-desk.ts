import { useWindow } from '../window-context.ts'
import { type Desk, OfficeRefusal } from './act.ts'

/** The desk of this window: its language, its staff, and the line to the station. */
export function useDesk(): Desk {
  const { texts, snapshot, office } = useWindow()
  return {
    texts: texts.office,
    prompts: texts.prompt.kinds,
    staff: snapshot.actors,
    isChecking: snapshot.check != null,
    async ask(work) {
      const answer = await office(work)
      if (!answer.ok) throw new OfficeRefusal(answer.code)
      return answer.value
    },
  }
}
