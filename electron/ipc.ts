import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import type { ZodType } from 'zod'
import { isOurs } from './origin.ts'

/**
 * The one way in from the window. A message counts only from the main frame of our own page, with exactly one argument
 * that the schema takes; anything else is refused with a code and goes no further. What `act` throws stays here.
 */
export function handle<T>(
  ipc: Pick<IpcMain, 'handle'>,
  channel: `kiosk:${string}`,
  schema: ZodType<T>,
  act: (value: T) => unknown,
): void {
  ipc.handle(channel, (event, ...words) => {
    if (!fromOurPage(event)) return { ok: false, code: 'SYSTEM_SENDER' }
    const parsed = schema.safeParse(words[0])
    if (words.length > 1 || !parsed.success) return { ok: false, code: 'SYSTEM_MESSAGE' }
    return { ok: true, value: act(parsed.data) }
  })
}

function fromOurPage(event: Pick<IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && isOurs(frame.url)
}
