import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { type NoteSigner, openNote, signNote, type VerifierKey } from '../ledger/note.ts'

/*
 * What the QR code of an hours certificate says: a C2SP signed note by the station's key, of these lines.
 *
 *   shidao-hours-certificate/v1
 *   tree <size> <root, hex>       the ledger that the hours were computed from; the key's name is its origin
 *   class <id>
 *   title <title>
 *   person <id>
 *   name <name>                   as it stands on the paper: masked in a masked edition
 *   number <number, masked>       the first three characters and the last
 *   days <from> <to>              of the timetable
 *   lessons <n>
 *   credited-ms <n>
 *   proven <level>=<ms> …         levels that are not zero, `-` for none
 *   pack <sha256>
 *   simulated yes|no
 *
 * The signature makes the paper as good as the station's word. Whoever wants more than that word computes the hours
 * again from a proof bundle with the same tree.
 */

export const CERTIFICATE_FORMAT = 'shidao-hours-certificate/v1'

const fields = [
  'tree',
  'class',
  'title',
  'person',
  'name',
  'number',
  'days',
  'lessons',
  'credited-ms',
  'proven',
  'pack',
  'simulated',
] as const
export type CertificateFields = Readonly<Record<(typeof fields)[number], string>>

/** The note for one certificate. Control characters and line separators in a value become spaces. */
export function signCertificate(values: CertificateFields, signer: NoteSigner): string {
  const lines = fields.map((name) => `${name} ${oneLine(values[name])}`)
  return signNote(`${[CERTIFICATE_FORMAT, ...lines].join('\n')}\n`, [signer])
}

/** Whether bytes from outside are meant to be a certificate's note. */
export function looksLikeCertificate(bytes: Uint8Array): boolean {
  const head = new TextEncoder().encode(CERTIFICATE_FORMAT)
  return head.every((byte, position) => bytes[position] === byte)
}

/**
 * What a certificate's QR code says, if one of the given keys signed it. Faults: those of `openNote`, and
 * `PROOF_CERTIFICATE` for a signed text of another form.
 */
export function openCertificate(
  note: string,
  knownKeys: readonly VerifierKey[],
): Result<{ readonly fields: CertificateFields; readonly vkey: string }> {
  // Whoever copies a text out of a scanner's window changes its line ends, and nothing that was signed.
  const opened = openNote(`${note.replaceAll('\r\n', '\n').trimEnd()}\n`, knownKeys)
  if (!opened.ok) return opened
  const [format, ...lines] = opened.value.text.slice(0, -1).split('\n')
  const read = lines.map((line, position) => {
    const name = fields[position]
    return name !== undefined && line.startsWith(`${name} `)
      ? ([name, line.slice(name.length + 1)] as const)
      : null
  })
  const [first] = opened.value.verified
  if (format !== CERTIFICATE_FORMAT || lines.length !== fields.length || first === undefined)
    return unreadable()
  const found = read.filter((entry) => entry !== null)
  if (found.length !== fields.length) return unreadable()
  return ok({ fields: Object.fromEntries(found) as CertificateFields, vkey: first.key.vkey })
}

function unreadable() {
  return failed(new Fault('PROOF_CERTIFICATE', 'the signed text is no hours certificate'))
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
}
