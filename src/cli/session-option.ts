import { readFileSync } from 'node:fs'
import type { Session } from '../attendance/timetable.ts'
import { parseCivil } from '../common/civil-time.ts'
import { Fault } from '../common/fault.ts'

/** `2026-03-02T08:30/2026-03-02T11:30`, China's time; its start is its id. `USAGE_SESSION` otherwise. */
export function parseSession(text: string): Session {
  const [from = '', to = '', ...rest] = text.split('/')
  const start = parseCivil(from)
  const end = parseCivil(to)
  if (start === null || end === null || end <= start || rest.length > 0) {
    throw new Fault('USAGE_SESSION', `"${text}" is no session; write 2026-03-02T08:30/2026-03-02T11:30`)
  }
  return { id: from, start, end }
}

/** `2026-03-02T08:30`, China's time, in milliseconds. `USAGE_TIME` otherwise. */
export function parseTime(text: string): number {
  const time = parseCivil(text)
  if (time === null) throw new Fault('USAGE_TIME', `"${text}" is no time; write 2026-03-02T08:30`)
  return time
}

/** The text of a file that an option names, or null without one. `USAGE_FILE` when it cannot be read. */
export function optionalFile(path: string | undefined): string | null {
  if (path === undefined) return null
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Fault('USAGE_FILE', `cannot read ${path}`, { cause })
  }
}
