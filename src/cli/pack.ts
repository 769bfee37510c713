import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { classOutcome, readSources } from '../attendance/class-claims.ts'
import { completePack } from '../attendance/pack-completion.ts'
import { comparePacks, type PackDifference } from '../attendance/pack-difference.ts'
import { packSchema } from '../attendance/pack-format.ts'
import { signPack, verifyPackSignature } from '../attendance/pack-signature.ts'
import { citedValues } from '../attendance/rule-pack.ts'
import { readAnyPack, shippedPacks } from '../attendance/shipped-packs.ts'
import { asFault, Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { ed25519Signer, type NoteSigner, parseVkey } from '../ledger/note.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { unsealFrom } from '../station/claim-records.ts'
import { packFolder } from '../station/setup.ts'
import { openForReading } from './claims-reading.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'

export const usage = `shidao pack [--json]                                             rule packs that ship
shidao pack validate FILE|NAME [--key VKEY …] [--json]           the format, what it leaves open, who signed it
shidao pack fill FILE|NAME --id ID [--from FILE|NAME] [--set PATH=JSON …] --out FILE   answers what it leaves open, as own choices
shidao pack sign FILE [--key-file PEM --name NAME | --data DIR]  writes FILE.note, a C2SP signed note; by default the station signs
shidao pack diff A B --class ID [--data DIR] [--json]            the class under both: who changes and why
shidao pack schema                                               the published JSON schema`

type Values = ReturnType<typeof readPackOptions>['values']

function readPackOptions(words: readonly string[]) {
  return readWords(3, words, {
    class: { type: 'string' },
    data: { type: 'string' },
    from: { type: 'string' },
    id: { type: 'string' },
    key: { type: 'string', multiple: true, default: [] },
    'key-file': { type: 'string' },
    name: { type: 'string' },
    out: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  })
}

export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readPackOptions(words)
  const [action, first, second] = positionals
  if (action === undefined) return list(values)
  if (action === 'schema') {
    process.stdout.write(`${JSON.stringify(packSchema(), null, 2)}\n`)
    return EXIT.yes
  }
  if (first === undefined) throw new Fault('USAGE_PACK', `pack ${action} takes a file`)
  switch (action) {
    case 'validate':
      return validate(first, values)
    case 'fill':
      return fill(first, values)
    case 'sign':
      return sign(first, values)
    case 'diff':
      return difference(first, second, values)
    default:
      throw new Fault('USAGE_PACK', 'pack takes: validate, fill, sign, diff, schema')
  }
}

function list({ json }: Values): number {
  const packs = shippedPacks().map(({ id, title, sha256, more, rules, open }) => ({
    ...{ id, title, sha256, region: more?.region ?? null },
    ...{ completeForHours: rules !== null, open: open.length },
  }))
  const lines = packs.map(
    ({ id, title, region, open }) => `${id.padEnd(18)} ${region ?? '------'}  ${title}  (${open} open)`,
  )
  printAnswer(json, { packs }, lines)
  return EXIT.yes
}

/** Exit 1 for a file that is no valid pack, with the first bad field. */
function validate(path: string, { key, json }: Values): number {
  const pack = readAnyPack(path)
  if (!pack.ok && pack.fault.code !== 'PACK_INVALID') throw pack.fault
  if (!pack.ok) {
    printAnswer(json, { ok: false, problem: pack.fault.message }, [`no valid pack: ${pack.fault.message}`])
    return EXIT.no
  }
  const { id, sha256, title, more, rules, open, bytes } = pack.value
  const signedBy = signatures(path, pack.value, key)
  const values = citedValues(JSON.parse(new TextDecoder().decode(bytes))).length
  const answer = {
    ...{ ok: true, id, sha256, title, region: more?.region ?? null, values },
    ...{ completeForHours: rules !== null, open, signedBy },
  }
  const lines = [
    `${id}  ${title}  ${sha256}`,
    `${values} values, ${open.length} open${rules === null ? '; not complete for hours' : ''}`,
    ...open.map((value) => `  open: ${value.path}: ${value.missing}`),
    signedBy === null ? 'signature: not asked' : `signed by: ${signedBy.join(', ')}`,
  ]
  printAnswer(json, answer, lines)
  return EXIT.yes
}

/** Names of the given keys that signed; null without a key to ask for. A missing or false signature is a fault. */
function signatures(
  path: string,
  pack: { readonly id: string; readonly sha256: string },
  keys: readonly string[],
): string[] | null {
  if (keys.length === 0) return null
  if (!existsSync(`${path}.note`)) throw new Fault('PACK_SIGNATURE', `there is no ${path}.note`)
  const known = keys.map((key) => unwrap(parseVkey(key)))
  return unwrap(verifyPackSignature(pack, readFileSync(`${path}.note`, 'utf8'), known)).map(
    ({ name }) => name,
  )
}

function fill(path: string, { from, id, set, out, json }: Values): number {
  if (id === undefined || out === undefined) throw new Fault('USAGE_PACK', 'pack fill takes --id and --out')
  const base = from === undefined ? null : unwrap(readAnyPack(from))
  const filled = unwrap(
    completePack(unwrap(readAnyPack(path)), { id, base, answers: new Map(set.map(parseAnswer)) }),
  )
  writeFileSync(out, filled.bytes)
  const { sha256, open } = filled
  printAnswer(json, { id, sha256, open }, [`${out}  ${sha256}  ${open.length} still open`])
  return EXIT.yes
}

function parseAnswer(text: string): [path: string, value: unknown] {
  const at = text.indexOf('=')
  try {
    if (at > 0) return [text.slice(0, at), JSON.parse(text.slice(at + 1))]
  } catch {}
  throw new Fault('USAGE_PACK', `--set takes PATH=JSON, e.g. rules.lessonMinutes=45`)
}

function sign(path: string, values: Values): number {
  const pack = unwrap(readAnyPack(path))
  const signer = signerOf(values)
  writeFileSync(`${path}.note`, signPack(pack, [signer]))
  const answer = { note: `${path}.note`, sha256: pack.sha256, vkey: signer.key.vkey }
  printAnswer(values.json, answer, [`${answer.note}  signed by ${answer.vkey}`])
  return EXIT.yes
}

function signerOf({ 'key-file': keyFile, name, data }: Values): NoteSigner {
  if (keyFile === undefined) return loadStationKey(data ?? defaultDataFolder()).signer
  if (name === undefined) throw new Fault('USAGE_PACK', '--key-file takes --name, the key’s name in the note')
  try {
    return ed25519Signer(name, createPrivateKey(readFileSync(keyFile)))
  } catch (thrown) {
    if (asFault(thrown).code === 'LEDGER_VKEY') throw thrown
    // No cause: a parser's message may quote the key.
    throw new Fault('PACK_KEY', `${keyFile} holds no Ed25519 private key (PEM)`)
  }
}

/** Exit 0 whether or not somebody changes: both are answers. */
function difference(first: string, second: string | undefined, values: Values): number {
  if (second === undefined || values.class === undefined) {
    throw new Fault('USAGE_PACK', 'pack diff takes two packs and --class ID')
  }
  const packs = [first, second].map((path) => unwrap(readAnyPack(path)))
  const dir = values.data ?? defaultDataFolder()
  const { ledger, side, close } = openForReading(dir)
  try {
    const sources = readSources([...ledger.events()], unsealFrom(side), [packFolder(dir)])
    const [before, after] = packs.map((pack) => unwrap(classOutcome(sources, values.class ?? '', pack)))
    if (before === undefined || after === undefined)
      throw new Fault('USAGE_PACK', 'pack diff takes two packs')
    const found = comparePacks(before, after)
    printAnswer(values.json, found, differenceLines(found))
    return EXIT.yes
  } finally {
    close()
  }
}

function differenceLines({ before, after, people, unchanged, totalFen }: PackDifference): string[] {
  const lines = people.flatMap(({ person, lessons, claims, reasons }) => [
    `${person}${lessons === null ? '' : `  lessons ${lessons.before} → ${lessons.after}`}`,
    ...claims.map(
      ({ item, fen, eligible }) =>
        `  ${item}: ${eligible.before ?? '-'} ${fen.before ?? '?'} fen → ${eligible.after ?? '-'} ${fen.after ?? '?'} fen`,
    ),
    ...reasons.before.map((reason) => `  - ${reason}`),
    ...reasons.after.map((reason) => `  + ${reason}`),
  ])
  const total = `total ${totalFen.before ?? '?'} fen → ${totalFen.after ?? '?'} fen; ${unchanged} people unchanged`
  return [`${before.id} → ${after.id}`, ...lines, total]
}
