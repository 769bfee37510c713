import { readFileSync } from 'node:fs'

/** sha256 of every model that ships with the product. */
export const lockedModels: readonly string[] = [
  ...readFileSync('src/face/models.lock.json', 'utf8').matchAll(/"sha256": "([0-9a-f]{64})"/g),
].map(([, sha256]) => sha256!)
