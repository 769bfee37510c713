import { verifyCosignature } from './cosignature.ts'
import type { KeyHistory } from './key-history.ts'
import { mergeNotes, splitNote } from './note.ts'
import { checkPolicy, type Policy } from './policy.ts'

/** The largest tree that was seen before a key was revoked. */
export interface SeenBefore {
  readonly size: number
  /** When by the witnesses' own clocks, seconds since 1970; the latest of those that count. */
  readonly time: number
}

/**
 * What a policy's witnesses had cosigned of a ledger before `since` (ms since 1970), at which its key was revoked: whoever
 * got the key can't rewrite that. The quorum has to have seen it, one witness at least. The caller has checked that the
 * checkpoints are of the tree that it believes. Null where nobody had seen anything.
 */
export function seenBefore(
  since: number,
  notes: Iterable<string>,
  keys: KeyHistory,
  policy: Policy,
): SeenBefore | null {
  const byText = new Map<string, string[]>()
  for (const note of notes) {
    const split = splitNote(note)
    if (!split.ok || !isBefore(since, note, policy)) continue
    byText.set(split.value.text, [...(byText.get(split.value.text) ?? []), note])
  }
  let largest: SeenBefore | null = null
  for (const same of byText.values()) {
    const note = mergeNotes(same)
    const checkpoint = keys.open(note)
    if (!checkpoint.ok || checkpoint.value.size <= (largest?.size ?? 0)) continue
    const verdict = checkPolicy(note, { ...policy, logs: [keys.at(checkpoint.value.size)] })
    if (!verdict.ok || verdict.value.cosigned.length === 0) continue
    const time = Math.max(...verdict.value.cosigned.map((each) => each.time))
    largest = { size: checkpoint.value.size, time }
  }
  return largest
}

/** A note that a witness cosigned once more after `since` says nothing here: its line from before has to come by itself. */
function isBefore(since: number, note: string, { witnesses }: Policy): boolean {
  return witnesses.every(({ vkey }) => {
    const said = verifyCosignature(note, vkey)
    return !said.ok || said.value.time * 1000 < since
  })
}

/** Whether a policy says of any key that it is not believed: then a ledger of which it says nothing is unknown to it. */
export function revokes(policy: Policy | null | undefined): boolean {
  return (policy?.revoked?.size ?? 0) > 0
}
