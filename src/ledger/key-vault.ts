import { Fault } from '../common/fault.ts'
import { dpapiVault } from './key-vault-dpapi.ts'
import { systemdVault } from './key-vault-systemd.ts'

/**
 * What an operating system offers to keep a small secret at rest: it hands out bytes that only the same machine (or the
 * same account on it) turns back. One of them wraps the key that a protected `station.key` is sealed under.
 */
export interface KeyVault {
  readonly name: VaultName
  /** Why it can't be used on this machine, for people; null where it can. */
  obstacle(): string | null
  /** Wraps at most 1 KiB. Throws `LEDGER_KEY_VAULT`. */
  wrap(secret: Uint8Array): Uint8Array
  /** Gives the secret back. Throws `LEDGER_KEY_UNWRAP`: another machine or account, or what wrapped it is gone. */
  unwrap(wrapped: Uint8Array): Uint8Array
  /** What these bytes are held by, and who can open them all the same; two half-sentences for people. */
  describe(wrapped: Uint8Array): { readonly heldBy: string; readonly notAgainst: string }
}

export const vaultNames = ['systemd-creds', 'dpapi'] as const
export type VaultName = (typeof vaultNames)[number]

const vaults: Readonly<Record<VaultName, KeyVault>> = { 'systemd-creds': systemdVault, dpapi: dpapiVault() }

export function vaultOf(name: VaultName): KeyVault {
  return vaults[name]
}

/** The vault of this machine. Fault `LEDGER_KEY_VAULT` says of each why it isn't there. */
export function presentVault(): KeyVault {
  const obstacles: string[] = []
  for (const vault of Object.values(vaults)) {
    const obstacle = vault.obstacle()
    if (obstacle === null) return vault
    obstacles.push(`${vault.name}: ${obstacle}`)
  }
  throw new Fault('LEDGER_KEY_VAULT', `this system keeps no key for the station; ${obstacles.join('; ')}`)
}
