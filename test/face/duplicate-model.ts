import lock from '../../src/face/models.lock.json' with { type: 'json' }
import type { ModelIdentity } from '../../src/face/recogniser.ts'

/** Every network that ships with the product. */
export const lockedModels: readonly ModelIdentity[] = lock.models.map(({ name, sha256 }) => ({
  name,
  sha256,
}))
