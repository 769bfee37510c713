import { existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { STATION_KEY_FILE } from '../ledger/station-key.ts'

/** What keeps a station's key from being copied on this machine, and what doesn't. */
export interface KeyProtection {
  /** Nobody but its owner, and root, can read the file. */
  readonly ownerOnly: boolean
  /** The account that owns it is the one that runs this, and so whatever else runs under it can read it. */
  readonly sameAccount: boolean
  /** A TPM is there; no key is kept in it by this version. */
  readonly tpm: boolean
  /** One sentence for people, limits first. */
  readonly says: string
}

/** Looks at the key file of a folder. Throws the system's errors where there is none. */
export function keyProtection(dir: string): KeyProtection {
  const windows = process.platform === 'win32'
  const { mode, uid } = statSync(join(dir, STATION_KEY_FILE))
  const ownerOnly = windows || (mode & 0o077) === 0
  const sameAccount = windows || uid === userInfo().uid
  const tpm = existsSync('/dev/tpmrm0')
  const says = [
    'a file, not sealed by hardware or by the system: whoever is root, or this account, can copy it and sign as the station',
    ...(windows ? ['its folder’s access list is what protects it; DPAPI is not used'] : []),
    ...(tpm ? ['a TPM is there, and is not used for it'] : []),
    ...(userInfo().uid === 0 ? ['it runs as root; give the station an account of its own'] : []),
    'what a witness has cosigned can’t be rewritten with it',
  ].join('; ')
  return { ownerOnly, sameAccount, tpm, says }
}
