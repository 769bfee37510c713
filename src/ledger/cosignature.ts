import type { KeyObject } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result, unwrap } from '../common/result.ts'
import { concatBytes } from './bytes.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { rawEd25519, signEd25519 } from './ed25519.ts'
import { openNote, parseVkey, signatureLine, splitNote, type VerifierKey, verifierKey } from './note.ts'
import { cosignatureMessage, cosignatureTime, SIGNATURE_TYPE } from './signature-type.ts'

/*
 * Cosignatures, c2sp.org/tlog-cosignature, type 0x04 (Ed25519 with a time): "at this time, this is the largest
 * consistent tree that I have seen of this origin". A collector's receipt is one.
 */

export interface Cosigner {
  readonly name: string
  /** Ed25519. One key for one cosigner: the signed message doesn't name it. */
  readonly privateKey: KeyObject
}

/** The key of a cosigner as it stands in notes and policies, from its Ed25519 key (public or private). */
export function cosignerKey(name: string, publicKey: KeyObject): VerifierKey {
  return verifierKey(name, SIGNATURE_TYPE.cosignature, rawEd25519(publicKey))
}

/**
 * Cosigns a checkpoint note and gives the signature line with its line feed, to be appended to the note.
 * The caller has verified the log's signature and the consistency. `timeSeconds` since 1970.
 * Throws `LEDGER_NOTE_FORMAT` or `LEDGER_CHECKPOINT` if it isn't a checkpoint.
 */
export function cosign(checkpointNote: string, cosigner: Cosigner, timeSeconds: number): string {
  const { text } = unwrap(splitNote(checkpointNote))
  unwrap(parseCheckpoint(text))
  const time = Math.floor(timeSeconds)
  const timestamp = new Uint8Array(8)
  new DataView(timestamp.buffer).setBigUint64(0, BigInt(time))
  const signature = signEd25519(cosigner.privateKey, cosignatureMessage(text, time))
  return signatureLine(cosignerKey(cosigner.name, cosigner.privateKey), concatBytes(timestamp, signature))
}

/**
 * Verifies a cosigner's line in a checkpoint note and gives what it says; the newest where there are several.
 * It says nothing about the log's own signature: see `openCheckpoint`.
 * Faults: `LEDGER_VKEY`, those of `openNote`, `LEDGER_CHECKPOINT`.
 */
export function verifyCosignature(
  checkpointNote: string,
  cosignerVkey: string,
): Result<{ readonly checkpoint: Checkpoint; readonly time: number }> {
  const key = parseVkey(cosignerVkey)
  if (!key.ok) return key
  if (key.value.type !== SIGNATURE_TYPE.cosignature) {
    return failed(new Fault('LEDGER_VKEY', 'this is not the key of a cosigner'))
  }
  const opened = openNote(checkpointNote, [key.value])
  if (!opened.ok) return opened
  const checkpoint = parseCheckpoint(opened.value.text)
  if (!checkpoint.ok) return checkpoint
  const times = opened.value.verified.map(({ signature }) => cosignatureTime(signature) ?? 0)
  return ok({ checkpoint: checkpoint.value, time: Math.max(...times) })
}
