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
