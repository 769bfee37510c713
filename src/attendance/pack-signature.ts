import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { type NoteSigner, openNote, signNote, type VerifierKey } from '../ledger/note.ts'
import type { PackFile } from './rule-pack.ts'

/*
 * A pack's signature is a C2SP signed note beside it, `FILE.note`: three lines, the format's name, the pack's id and
 * the sha256 of its exact bytes. The pack's own bytes stay as they are, because classes name them by hash.
 */

const FORMAT = 'shidao-rule-pack-signature/v1'

/** The note for a pack, with one line for each signer. */
export function signPack(pack: Pick<PackFile, 'id' | 'sha256'>, signers: readonly NoteSigner[]): string {
  return signNote(noteText(pack), signers)
}

/** Who signed a pack, of the known keys. Faults: those of `openNote`, and `PACK_SIGNATURE` for another pack's note. */
export function verifyPackSignature(
  pack: Pick<PackFile, 'id' | 'sha256'>,
  note: string,
  knownKeys: readonly VerifierKey[],
): Result<readonly VerifierKey[]> {
  const opened = openNote(note, knownKeys)
  if (!opened.ok) return opened
  if (opened.value.text !== noteText(pack)) {
    return failed(new Fault('PACK_SIGNATURE', 'the signature is for other bytes than this pack'))
  }
  return ok(opened.value.verified.map(({ key }) => key))
}

function noteText({ id, sha256 }: Pick<PackFile, 'id' | 'sha256'>): string {
  return `${FORMAT}\n${id}\n${sha256}\n`
}
