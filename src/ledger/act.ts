import { createPrivateKey, generateKeyPairSync, randomBytes, scryptSync, sign } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { SignedAct } from './event.ts'
import { seal, unseal } from './sealing.ts'
import { rawEd25519, verifyEd25519 } from './signature-type.ts'

/*
 * What people do by hand (opening a class, changing a roster, a correction) is signed with their own keys, not the
 * station's: Ed25519 over `shidao-act/v1\n` and the statement, a JSON text that is never re-serialised.
 */

/** A private key under a PIN. */
export interface WrappedKey {
  readonly v: 1
  /** scrypt (RFC 7914) with N = 2^logN, r, p. */
  readonly kdf: { readonly name: 'scrypt'; readonly logN: number; readonly r: number; readonly p: number }
  /** 16 bytes, hex. */
  readonly salt: string
  /** PKCS #8 DER, sealed with AES-256-GCM; hex. */
  readonly sealed: string
}

/** Gives the raw public key of a person who acts, 32 bytes hex, or null for a person who isn't enrolled. */
export type PublicKeyOf = (actor: string) => string | null

/**
 * Makes a person's key; takes about a tenth of a second.
 * The PIN slows a thief down and no more: with the wrapped key in hand, a million six-digit PINs are a day's work, so a
 * wrapped key is kept as a sealed record.
 */
export function createActorKey(pin: string): { readonly publicKey: string; readonly wrapped: WrappedKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const salt = randomBytes(16)
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
  const sealed = seal(pinKey(pin, salt, KDF), pkcs8, CONTEXT)
  return {
    publicKey: hex(rawEd25519(publicKey)),
    wrapped: { v: 1, kdf: KDF, salt: hex(salt), sealed: hex(sealed) },
  }
}

/** Signs a statement for one person. Fault `LEDGER_PIN`: not this key's PIN, or the wrapped key is damaged. */
export function signAct(
  statement: string,
  by: { readonly actor: string; readonly wrapped: WrappedKey; readonly pin: string },
): Result<SignedAct['signatures'][number]> {
  const { salt, kdf, sealed } = by.wrapped
  // Parameters come from a file: without a bound they could ask for all memory.
  const wrongPin = failed(new Fault('LEDGER_PIN', 'the PIN is wrong'))
  if (!Number.isInteger(kdf.logN) || kdf.logN > 20 || kdf.r > 16 || kdf.p > 16) return wrongPin
  const pkcs8 = unseal(pinKey(by.pin, unhex(salt), kdf), unhex(sealed), CONTEXT)
  if (pkcs8 === null) return wrongPin
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  return ok({ actor: by.actor, signature: hex(sign(null, actMessage(statement), key)) })
}

/**
 * Every signature of the act is of a different enrolled person and true. Total.
 * Faults: `LEDGER_ACT_FORMAT`, `LEDGER_ACT_SIGNER` (nobody's key is enrolled under that id),
 * `LEDGER_ACT_SAME_SIGNER`, `LEDGER_ACT_SIGNATURE`.
 */
export function verifyAct(act: SignedAct, publicKeyOf: PublicKeyOf): Result<true> {
  const { statement, signatures } = act
  if (signatures.length === 0 || !isStatement(statement)) {
    return failed(new Fault('LEDGER_ACT_FORMAT', 'the act has no signature or its statement is not an act'))
  }
  if (new Set(signatures.map(({ actor }) => actor)).size < signatures.length) {
    return failed(new Fault('LEDGER_ACT_SAME_SIGNER', 'one person signed the act twice'))
  }
  for (const { actor, signature } of signatures) {
    const publicKey = publicKeyOf(actor)
    if (publicKey === null) {
      return failed(new Fault('LEDGER_ACT_SIGNER', 'a signer of the act is not enrolled'))
    }
    if (!verifyEd25519(unhex(publicKey), actMessage(statement), unhex(signature))) {
      return failed(new Fault('LEDGER_ACT_SIGNATURE', 'a signature of the act is false'))
    }
  }
  return ok(true)
}

/** `verifyAct`, by at least two people. Adds the fault `LEDGER_ACT_ONE_SIGNER`. */
export function requireTwoSigners(act: SignedAct, publicKeyOf: PublicKeyOf): Result<true> {
  const verified = verifyAct(act, publicKeyOf)
  if (!verified.ok || act.signatures.length >= 2) return verified
  return failed(new Fault('LEDGER_ACT_ONE_SIGNER', 'the act needs a second signer'))
}

const KDF = { name: 'scrypt', logN: 16, r: 8, p: 1 } as const
const CONTEXT = ['shidao-actor-key/v1']

function pinKey(pin: string, salt: Uint8Array, { logN, r, p }: WrappedKey['kdf']): Uint8Array {
  // One spelling of a PIN with letters, whatever keyboard it came from.
  return scryptSync(pin.normalize('NFKC'), salt, 32, { N: 2 ** logN, r, p, maxmem: 256 * 2 ** logN * r })
}

function actMessage(statement: string): Uint8Array {
  return new TextEncoder().encode(`shidao-act/v1\n${statement}`)
}

function isStatement(text: string): boolean {
  try {
    return typeof (JSON.parse(text) as { act?: unknown } | null)?.act === 'string'
  } catch {
    return false
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

function unhex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}
