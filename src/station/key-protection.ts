import { existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { GM_KEY_FILE, gmKeyState } from '../ledger/gm-key.ts'
import { presentVault, type VaultName } from '../ledger/key-vault.ts'
import { keyFileVault, STATION_KEY_FILE } from '../ledger/station-key-file.ts'

/** What keeps a station's key from being copied on this machine, and what doesn't. */
export interface KeyProtection {
  /** Nobody but its owner, and root, can read the file. */
  readonly ownerOnly: boolean
  /** The account that owns it is the one that runs this, and so whatever else runs under it can read it. */
  readonly sameAccount: boolean
  /** A TPM is there. */
  readonly tpm: boolean
  /** What wraps the key at rest; null where it lies in the clear. */
  readonly vault: VaultName | null
  /** What keeps the second tree's key, for people; null where there is none. */
  readonly secondTree: string | null
  /** One sentence for people, limits first. */
  readonly says: string
}

/** Looks at the key file of a folder. Throws the system's errors where there is none, and the faults of `keyFileVault`. */
export function keyProtection(dir: string): KeyProtection {
  const windows = process.platform === 'win32'
  const { mode, uid } = statSync(join(dir, STATION_KEY_FILE))
  const ownerOnly = windows || (mode & 0o077) === 0
  const sameAccount = windows || uid === userInfo().uid
  const tpm = existsSync('/dev/tpmrm0')
  const kept = keyFileVault(dir)
  const held = kept?.vault.describe(kept.wrapped)
  const says = [
    ...(held === undefined
      ? [
          'a file in the clear: whoever is root, or this account, or has a copy of it, can sign as the station',
          ...(windows ? ['its folder’s access list is what protects it'] : []),
          offer(),
        ]
      : [
          `does not keep out ${held.notAgainst}, nor programs of the account that runs the station, which have it in memory`,
          `wrapped by ${held.heldBy}: a copy of the data folder alone can’t sign`,
          'if this machine dies, the key dies with it',
        ]),
    ...(userInfo().uid === 0 ? ['it runs as root; give the station an account of its own'] : []),
    'what a witness has cosigned can’t be rewritten with it',
  ].join('; ')
  return { ownerOnly, sameAccount, tpm, vault: kept?.vault.name ?? null, secondTree: secondTree(dir), says }
}

function secondTree(dir: string): string | null {
  const state = gmKeyState(dir)
  if (state === null) return null
  return {
    clear: `${GM_KEY_FILE} is a file in the clear: whoever reads it can sign the second tree`,
    wrapped: `${GM_KEY_FILE} is wrapped like the station key, with the same limits`,
    elsewhere: `the key lies elsewhere; ${GM_KEY_FILE} names the program that signs with it, and whoever can run it can sign`,
  }[state]
}

function offer(): string {
  try {
    return `"shidao key protect" has ${presentVault().name} wrap it`
  } catch {
    return 'nothing on this system that this program knows can wrap it'
  }
}
