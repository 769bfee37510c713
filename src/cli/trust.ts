import { Fault } from '../common/fault.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { keyFingerprint } from '../ledger/fingerprint.ts'
import { peekTrustList, signTrustList, type TrustDocument } from '../ledger/trust-list.ts'
import { EXIT, printAnswer, readWords } from './command.ts'
import { authoritySigner, readText, readTrust } from './trust-files.ts'

export const usage = `shidao trust make LIST.json --key FILE --out FILE [--json]     signs a trust list; the key's file is made where there is none
shidao trust check FILE --trust-key VKEY [--json]     whether a list is true, in force and not older than one seen before
shidao trust show FILE [--json]     what a list says, without believing it`

/** `shidao trust …`: which public keys are known, and which are not any more. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, {
    key: { type: 'string' },
    out: { type: 'string' },
    'trust-key': { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const [action, file, ...rest] = positionals
  const { key, out, json } = values
  if (file === undefined || rest.length > 0) throw usageFault()
  if (action === 'make' && key !== undefined && out !== undefined) return make(file, key, out, json)
  if (action === 'check' && values['trust-key'] !== undefined) {
    const { document } = readTrust(file, values['trust-key'])
    return answer(document, 'true and in force', json)
  }
  if (action !== 'show') throw usageFault()
  const document = peekTrustList(readText(file))
  if (document === null) throw new Fault('LEDGER_TRUST', `${file} is not a trust list`)
  return answer(document, 'not verified', json)
}

function make(source: string, keyPath: string, out: string, json: boolean): number {
  const document = parseDocument(readText(source))
  const signer = authoritySigner(keyPath, document.authority)
  writeWholeFile(out, Buffer.from(signTrustList(document, signer)))
  const { vkey } = signer.key
  printAnswer(json, { file: out, serial: document.serial, vkey, fingerprint: keyFingerprint(vkey) }, [
    `${out}: list ${document.serial}`,
    `signed by ${vkey}`,
    `fingerprint ${keyFingerprint(vkey)}: hand this to inspectors by another way than the list`,
  ])
  return EXIT.yes
}

function parseDocument(text: string): TrustDocument {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof (json as { authority?: unknown } | null)?.authority === 'string') return json as TrustDocument
  } catch {
    // Told below.
  }
  throw new Fault('LEDGER_TRUST', 'a trust list is made from JSON with an authority, see docs/trust.md')
}

function answer(document: TrustDocument, verdict: string, json: boolean): number {
  const { authority, serial, until, stations, witnesses, quorum, revoked } = document
  const named = ({ vkey, title }: { vkey: string; title: string }) => `${keyFingerprint(vkey)}  ${title}`
  printAnswer(json, { verdict, ...document }, [
    `${authority}, list ${serial}, until ${new Date(until).toISOString()}: ${verdict}`,
    ...stations.map((each) => `station  ${named(each)}`),
    ...witnesses.map((each) => `witness  ${named(each)}`),
    `quorum   ${quorum}`,
    ...revoked.map(
      ({ vkey, since, reason }) =>
        `revoked  ${keyFingerprint(vkey)}  ${new Date(since).toISOString()}  ${reason}`,
    ),
  ])
  return EXIT.yes
}

function usageFault(): Fault {
  return new Fault(
    'USAGE_TRUST',
    'trust takes make LIST.json --key FILE --out FILE, check FILE --trust-key VKEY, or show FILE',
  )
}
