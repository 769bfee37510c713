/*
 * What may be shown of a person where only staff who look at the card should know more: screens, command lines.
 * Logs show nothing at all.
 */

/** 张三丰 → 张**: the first character (of any script), one star for each other. */
export function maskName(name: string): string {
  return stars(name, 1, 0)
}

/**
 * First three characters and the last one. The last four, as is common elsewhere, would give the number away beside a
 * birth date and a district: only the check character is left, which adds nothing to what the others say.
 */
export function maskNumber(number: string): string {
  return stars(number, 3, 1)
}

function stars(text: string, head: number, tail: number): string {
  const characters = [...text]
  const hidden = Math.max(characters.length - head - tail, 1)
  const end = characters.length > head + tail ? characters.slice(characters.length - tail).join('') : ''
  return `${characters.slice(0, head).join('')}${'*'.repeat(hidden)}${tail === 0 ? '' : end}`
}
