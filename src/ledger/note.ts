import type { KeyObject } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { concatBytes, sameBytes, toHex } from './bytes.ts'
import { rawEd25519, signEd25519 } from './ed25519.ts'
import { sha256 } from './sha256.ts'
import { SIGNATURE_TYPE, signatureTypes } from './signature-type.ts'

/*
 * Signed notes, c2sp.org/signed-note: a text, an empty line, and one line for each signature,
 * `— keyname base64(key id || signature)`.
 */

/** A public key as it is named in notes. */
export interface VerifierKey {
  readonly name: string
  /** 4 bytes: SHA-256(name || 0x0A || type || public key)[:4]; a type of one's own stands with its name. */
  readonly keyId: Uint8Array
  /** Signature type byte, see `SIGNATURE_TYPE`. */
  readonly type: number
  readonly publicKey: Uint8Array
  /** `name+hex(key id)+base64(type || public key)`. */
  readonly vkey: string
}

/**
 * Signs note texts: the slot for a driver of keys. The private key may lie in a file, or behind a program that asks a
 * TPM, a UKey or a card (`command-signer.ts`, docs/signing-drivers.md). Signing doesn't return before it is done,
 * because an event and its signed head become durable in one transaction.
 */
export interface NoteSigner {
  readonly key: VerifierKey
  /** The bytes that stand behind the key id, over the note's text. Throws a `Fault` where it can't sign. */
  sign(message: Uint8Array): Uint8Array
}

export interface VerifiedSignature {
  readonly key: VerifierKey
  /** The bytes behind the key id. */
  readonly signature: Uint8Array
}

/** Reads `name+hash+key`. Fault `LEDGER_VKEY`: malformed, an id that isn't the key's, or a type that isn't known here. */
export function parseVkey(text: string): Result<VerifierKey> {
  const [name = '', id = '', ...rest] = text.split('+')
  const encoded = decodeBase64(rest.join('+'))
  if (!isKeyName(name) || !/^[0-9a-f]{8}$/.test(id) || encoded === null) {
    return failed(new Fault('LEDGER_VKEY', 'a verifier key is name+id+base64'))
  }
  const type = encoded[0] ?? 0
  const { prefix, publicKeyBytes } = signatureTypes[type] ?? { prefix: new Uint8Array(), publicKeyBytes: -1 }
  const isOfType = sameBytes(encoded.slice(0, prefix.length), prefix)
  if (!isOfType || encoded.length !== prefix.length + publicKeyBytes) {
    return failed(new Fault('LEDGER_VKEY', 'the verifier key has an unknown type or a wrong length'))
  }
  const key = verifierKey(name, type, encoded.slice(prefix.length))
  return key.vkey === text ? ok(key) : failed(new Fault('LEDGER_VKEY', 'the key id is not that of the key'))
}

/**
 * Names a public key of a type in `SIGNATURE_TYPE` for notes. Throws `LEDGER_VKEY` for a name with a space or a plus.
 */
export function verifierKey(name: string, type: number, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new Fault('LEDGER_VKEY', 'a key name has no space, plus or control character')
  const encoded = concatBytes(signatureTypes[type]?.prefix ?? Uint8Array.of(type), publicKey)
  const keyId = sha256(concatBytes(new TextEncoder().encode(`${name}\n`), encoded)).slice(0, 4)
  const vkey = `${name}+${toHex(keyId)}+${encodeBase64(encoded)}`
  return { name, keyId, type, publicKey, vkey }
}

/** A signer of type 0x01 over an Ed25519 private key in memory. */
export function ed25519Signer(name: string, privateKey: KeyObject): NoteSigner {
  const key = verifierKey(name, SIGNATURE_TYPE.ed25519, rawEd25519(privateKey))
  return { key, sign: (message) => signEd25519(privateKey, message) }
}

/** Signs a text that ends in a line feed. Throws `LEDGER_NOTE_FORMAT` for a text that no note may have. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n') || !isNoteText(text)) {
    throw new Fault(
      'LEDGER_NOTE_FORMAT',
      'a note text ends in a line feed and has no other control character',
    )
  }
  const message = new TextEncoder().encode(text)
  return `${text}\n${signers.map(({ key, sign }) => signatureLine(key, sign(message))).join('')}`
}

/** One signature line with its line feed. */
export function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  return `${DASH}${key.name} ${encodeBase64(concatBytes(key.keyId, signature))}\n`
}

/**
 * Verifies a note. Signatures of unknown keys are ignored; every signature of a known key must verify.
 * Faults: `LEDGER_NOTE_FORMAT`; `LEDGER_NOTE_SIGNATURE` if a known key's signature is false;
 * `LEDGER_NOTE_UNKNOWN` if no known key signed.
 */
export function openNote(
  note: string,
  knownKeys: readonly VerifierKey[],
): Result<{ readonly text: string; readonly verified: readonly VerifiedSignature[] }> {
  const split = splitNote(note)
  if (!split.ok) return split
  const { text, signatures } = split.value
  const verified: VerifiedSignature[] = []
  for (const { name, keyId, signature } of signatures) {
    const key = knownKeys.find((known) => known.name === name && sameBytes(known.keyId, keyId))
    if (key === undefined) continue
    const type = signatureTypes[key.type]
    if (signature.length !== type?.signatureBytes || !type.verify(key.publicKey, text, signature)) {
      return failed(new Fault('LEDGER_NOTE_SIGNATURE', `the signature of ${name} is false`))
    }
    verified.push({ key, signature })
  }
  if (verified.length > 0) return ok({ text, verified })
  return failed(new Fault('LEDGER_NOTE_UNKNOWN', 'no known key signed the note'))
}

export interface UnverifiedSignature {
  readonly name: string
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
}

/** Takes a note apart without verifying anything. Fault `LEDGER_NOTE_FORMAT`. */
export function splitNote(
  note: string,
): Result<{ readonly text: string; readonly signatures: readonly UnverifiedSignature[] }> {
  // The last empty line separates: the text may have empty lines of its own.
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n') || note.length > LONGEST_NOTE || !isNoteText(note)) return malformed()
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > MOST_SIGNATURES) return malformed()
  const signatures: UnverifiedSignature[] = []
  for (const line of lines) {
    const signature = parseSignatureLine(line)
    if (signature === null) return malformed()
    signatures.push(signature)
  }
  return ok({ text: note.slice(0, end + 1), signatures })
}

/** One note with the signature lines of all notes that have the text of the first. */
export function mergeNotes(notes: readonly string[]): string {
  const [first = ''] = notes
  const split = splitNote(first)
  if (!split.ok) return first
  const { text } = split.value
  const lines = notes
    .filter((note) => note.startsWith(`${text}\n`))
    .flatMap((note) => note.slice(text.length + 1).split('\n'))
    .filter((line) => line !== '')
  return `${text}\n${[...new Set(lines)].map((line) => `${line}\n`).join('')}`
}

const DASH = '\u2014 '
const LONGEST_NOTE = 1_000_000
/** The specification asks for at least 16. */
const MOST_SIGNATURES = 64

function parseSignatureLine(line: string): UnverifiedSignature | null {
  if (!line.startsWith(DASH)) return null
  const [name = '', encoded = '', ...rest] = line.slice(DASH.length).split(' ')
  const bytes = decodeBase64(encoded)
  if (rest.length > 0 || !isKeyName(name) || bytes === null || bytes.length < 5) return null
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) }
}

function malformed() {
  return failed(new Fault('LEDGER_NOTE_FORMAT', 'this is not a signed note'))
}

/** Valid as UTF-8, and no ASCII control character but the line feed. */
function isNoteText(text: string): boolean {
  return text.isWellFormed() && !CONTROL_BUT_LINE_FEED.test(text)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the specification names exactly these
const CONTROL_BUT_LINE_FEED = /[\u0000-\u0009\u000b-\u001f]/

function isKeyName(name: string): boolean {
  return name !== '' && isNoteText(name) && !/[\p{White_Space}+]/u.test(name)
}
