import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault } from '../common/fault.ts'
import { failed, type Result, unwrap } from '../common/result.ts'
import { completeForHours, type PackFile, parsePackFile, parseRulePack, type RulePack } from './rule-pack.ts'

const SHIPPED = fileURLToPath(new URL('./packs/', import.meta.url))

/** The pack for a class that names no other. */
export function defaultPack(): RulePack {
  return unwrap(parseRulePack(readFileSync(join(SHIPPED, 'default-2.json'))))
}

/** The default before there were rules for lessons and claims: what ledgers of that time name. */
export function firstDefaultPack(): RulePack {
  return unwrap(parseRulePack(readFileSync(join(SHIPPED, 'default.json'))))
}

/** Every pack that ships, by file name. Those of a notice ask for what the notice doesn't say. */
export function shippedPacks(): PackFile[] {
  return packFiles(SHIPPED).map((name) => unwrap(parsePackFile(readFileSync(join(SHIPPED, name)))))
}

/**
 * The pack with these exact bytes, among those that ship and those in `folders` (`*.json`, later folders are
 * asked only when earlier ones have none). A file that is no pack is passed over. `PACK_NOT_FOUND` otherwise.
 */
export function findPack(sha256: string, folders: readonly string[] = []): Result<RulePack> {
  const file = findPackFile(sha256, folders)
  return file.ok ? completeForHours(file.value) : file
}

/** As `findPack`, also a pack with empty rules for hours. */
export function findPackFile(sha256: string, folders: readonly string[] = []): Result<PackFile> {
  for (const folder of [SHIPPED, ...folders]) {
    for (const name of packFiles(folder)) {
      const bytes = readFileSync(join(folder, name))
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) continue
      const pack = parsePackFile(bytes)
      if (pack.ok) return pack
    }
  }
  return failed(
    new Fault('PACK_NOT_FOUND', `no rule pack with sha256 ${sha256.slice(0, 16)}… here; give it with --pack`),
  )
}

/** Reads a pack for hours from a file. `PACK_NOT_FOUND`, `PACK_INVALID` or `PACK_INCOMPLETE`. */
export function readPackFile(path: string): Result<RulePack> {
  const file = readAnyPack(path)
  return file.ok ? completeForHours(file.value) : file
}

/**
 * Reads a pack, complete or not, from a file, or the shipped one of this name (`tianshui-2019`).
 * `PACK_NOT_FOUND` or `PACK_INVALID`.
 */
export function readAnyPack(pathOrName: string): Result<PackFile> {
  const name = `${pathOrName}.json`
  const path = packFiles(SHIPPED).includes(name) ? join(SHIPPED, name) : pathOrName
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    return failed(new Fault('PACK_NOT_FOUND', `cannot read the rule pack ${pathOrName}`, { cause }))
  }
  return parsePackFile(bytes)
}

function packFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch {
    return []
  }
}
