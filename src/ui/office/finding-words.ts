import type { Finding } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import type { Desk } from './act.ts'

/** One finding in the desk's language; a code of a newer station shows as it is. */
export function findingWords(
  { code, score, threshold, prompt, name }: Finding,
  { texts, prompts }: Pick<Desk, 'texts' | 'prompts'>,
): string {
  const sentence = Object.hasOwn(texts.findings, code) ? texts.findings[code] : null
  if (sentence === null) return fill(texts.findings.other, { name: code })
  const asked = prompt !== undefined && Object.hasOwn(prompts, prompt) ? prompts[prompt as never] : prompt
  return fill(sentence, {
    ...(score === undefined ? {} : { score: score.toFixed(2) }),
    ...(threshold === undefined ? {} : { threshold: threshold.toFixed(2) }),
    ...(asked === undefined ? {} : { prompt: asked }),
    ...(name === undefined ? {} : { name }),
  })
}
