import { unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { authoritySigner, createAuthorityKey, parseAuthorityKey } from '../inspect/authority-key.ts'
import { openInspectorList, signInspectorList } from '../inspect/inspector-list.ts'
import { nextInspectorList, readInspectorTable } from '../inspect/inspector-table.ts'
import { keyFingerprint } from '../ledger/fingerprint.ts'
import { parseVkey } from '../ledger/note.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import { need } from './desk.ts'
import { readSmall } from './inspect-desk.ts'
import { refuseReplacing } from './inspect-key.ts'
import { secret } from './staff.ts'

/** `inspect authority`: makes the key that signs an authority's lists, once. Needs no station. */
export async function authority(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    name: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const name = need(values.name, '--name NAME')
  const out = need(values.out, '--out FILE')
  refuseReplacing(out)
  const made = unwrap(createAuthorityKey(name, await secret('SHIDAO_PIN', 'PIN of the authority’s key: ')))
  writeWholeFile(out, Buffer.from(made.text))
  const { vkey } = made.key
  const fingerprint = keyFingerprint(vkey)
  printAnswer(values.json, { vkey, fingerprint, file: out }, [
    `public key ${vkey}`,
    `fingerprint ${fingerprint}: two people compare it before anybody relies on it`,
    `${out}: keep it offline, and a copy elsewhere`,
  ])
  return EXIT.yes
}

/** `inspect list`: signs the authority's next list of inspectors. Needs no station. */
export async function list(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    inspectors: { type: 'string' },
    number: { type: 'string' },
    'valid-to': { type: 'string' },
    previous: { type: 'string' },
    key: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const out = need(values.out, '--out FILE')
  const number = positiveInteger(need(values.number, '--number N'), '--number')
  const validTo = need(values['valid-to'], '--valid-to DATE')
  const entries = unwrap(readInspectorTable(readSmall(need(values.inspectors, '--inspectors FILE'))))
  const key = unwrap(parseAuthorityKey(readSmall(need(values.key, '--key FILE')).toString('utf8')))
  const vkey = unwrap(parseVkey(key.vkey))
  const previous =
    values.previous === undefined
      ? null
      : unwrap(openInspectorList(readSmall(values.previous).toString('utf8'), vkey))
  const next = unwrap(nextInspectorList(entries, { number, issued: Date.now(), validTo, previous }))
  const signer = unwrap(authoritySigner(key, await secret('SHIDAO_PIN', 'PIN of the authority’s key: ')))
  const note = signInspectorList(next, signer)
  const { sha256, inspectors, revoked, until } = unwrap(openInspectorList(note, vkey))
  writeWholeFile(out, Buffer.from(note))
  const answer = { number, file: out, sha256, authority: key.vkey, inspectors: inspectors.length }
  printAnswer(values.json, { ...answer, revoked: revoked.length, until }, [
    `list ${number}: ${inspectors.length} inspectors, ${revoked.length} revoked, until ${new Date(until).toISOString()}`,
    `${out}  sha256 ${sha256}`,
  ])
  return EXIT.yes
}
