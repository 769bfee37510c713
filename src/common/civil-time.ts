/** China has one civil time, +08:00, without daylight saving since 1991; the host's zone is never asked. */
const CHINA_OFFSET_MS = 8 * 3600_000

/** `YYYY-MM-DD` in China of an instant in milliseconds since 1970 UTC. */
export function civilDate(wall: number): string {
  return new Date(wall + CHINA_OFFSET_MS).toISOString().slice(0, 10)
}

/** `HH:MM` in China. */
export function civilTime(wall: number): string {
  return new Date(wall + CHINA_OFFSET_MS).toISOString().slice(11, 16)
}

/** The instant of `YYYY-MM-DDTHH:MM` in China, or null when the text is no real date and time. */
export function parseCivil(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null
  const wall = Date.parse(`${text}:00+08:00`)
  return Number.isNaN(wall) || `${civilDate(wall)}T${civilTime(wall)}` !== text ? null : wall
}
