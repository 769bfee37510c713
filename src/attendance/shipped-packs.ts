import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result, unwrap } from '../common/result.ts'
import { parseRulePack, type RulePack } from './rule-pack.ts'

const SHIPPED = fileURLToPath(new URL('./packs/', import.meta.url))

/** The pack for a class that names no other. */
export function defaultPack(): RulePack {
  return unwrap(parseRulePack(readFileSync(join(SHIPPED, 'default.json'))))
}

/**
 * The pack with these exact bytes, among those that ship and those in `folders` (`*.json`, later folders are
 * asked only when earlier ones have none). A file that is no pack is passed over. `PACK_NOT_FOUND` otherwise.
 */
export function findPack(sha256: string, folders: readonly string[] = []): Result<RulePack> {
  for (const folder of [SHIPPED, ...folders]) {
    for (const name of packFiles(folder)) {
      const pack = parseRulePack(readFileSync(join(folder, name)))
      if (pack.ok && pack.value.sha256 === sha256) return pack
    }
  }
  return failed(
    new Fault('PACK_NOT_FOUND', `no rule pack with sha256 ${sha256.slice(0, 16)}… here; give it with --pack`),
  )
}

/** Reads one pack from a file. `PACK_NOT_FOUND` or `PACK_INVALID`. */
export function readPackFile(path: string): Result<RulePack> {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    return failed(new Fault('PACK_NOT_FOUND', `cannot read the rule pack ${path}`, { cause }))
  }
  const pack = parseRulePack(bytes)
  return pack.ok ? ok(pack.value) : pack
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
