/** `YYYYMMDD` as cards store it → `YYYY-MM-DD`, null if that day never was. */
export function parseCompactDate(text: string): string | null {
  if (!/^\d{8}$/.test(text)) return null
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
  return isCivilDate(date) ? date : null
}

/** Whether `YYYY-MM-DD` is a day of the Gregorian calendar from 1800 on: nobody who holds a card is older. */
export function isCivilDate(date: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || date < '1800') return false
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

/** Whether a card's last day is over on `today`. `validTo: null` (长期) never ends; the last day itself still counts. */
export function isExpired(record: { readonly validTo: string | null }, today: string): boolean {
  return record.validTo !== null && record.validTo < today
}
