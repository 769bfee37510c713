import { useWindow } from '../window-context.ts'
import { type Desk, OfficeRefusal } from './act.ts'

/** Of the protocol, 2 MiB, with room for what is around the work. */
const MOST_BYTES = 2 * 1024 * 1024 - 1024

/** The desk of this window: its language, its staff, and the line to the station. */
export function useDesk(): Desk {
  const { texts, snapshot, office } = useWindow()
  return {
    texts: texts.office,
    prompts: texts.prompt.kinds,
    staff: snapshot.actors,
    isChecking: snapshot.check != null,
    async ask(work) {
      // The channel closes over a message above its limit, and the window with it.
      if (new Blob([JSON.stringify(work)]).size > MOST_BYTES) throw new OfficeRefusal('ROSTER_TOO_LARGE')
      const answer = await office(work)
      if (!answer.ok) throw new OfficeRefusal(answer.code)
      return answer.value
    },
  }
}
