import { openCertificate } from '../../export/certificate-note.ts'
import type { OutsideKeys } from '../verify-bundle.ts'
import { line, table } from './elements.ts'
import type { Texts } from './texts.ts'

/** What `shidao verify` says of the text in a certificate's code. It holds no key: the station's has to be known. Total. */
export function certificateVerdict(bytes: Uint8Array, { key }: OutsideKeys, words: Texts): HTMLElement[] {
  if (key === undefined) return [line('bad', words.certificateKey)]
  const opened = openCertificate(new TextDecoder().decode(bytes), [key])
  if (!opened.ok) {
    const altered = opened.fault.code === 'LEDGER_NOTE_SIGNATURE'
    return [
      line('bad', words.bad),
      line('reason', words.problems[altered ? 'altered' : 'wrong-key']),
      line('detail', opened.fault.message),
    ]
  }
  const { fields } = opened.value
  const rows = Object.entries(fields).map(([name, value]) => [
    words.certificateFields[name as keyof typeof fields],
    name === 'credited-ms' ? words.duration(Number(value)) : value,
  ])
  return [
    line('good', words.good),
    ...(fields.simulated === 'yes' ? [line('simulated', words.simulated)] : []),
    line('about', words.certificate),
    line('trust', words.trust.key),
    line('limit', words.certificateLimit),
    table(words.certificateColumns, rows),
  ]
}
