import { setTimeout as sleep } from 'node:timers/promises'
import { openVendorBridge } from '../../../src/cards/vendor/bridge.ts'
import { unwrap } from '../../../src/common/result.ts'
import { brokenPrototypes } from './broken-prototypes.ts'

/* A station that a test kills. Arguments: library, and `hang` or `idle` for what the library does meanwhile. */

const [library = '', doing] = process.argv.slice(2)
const bridge = openVendorBridge({ library, prototypes: brokenPrototypes })
const { outputs } = unwrap(await bridge.call('litter'))
const folder = Buffer.from(outputs.folder ?? [])
  .toString('utf8')
  .replaceAll('\0', '')
if (doing === 'hang') {
  void bridge.call('hang', {}, { timeoutMs: 500 })
  await sleep(100)
}
process.stdout.write(folder)
// It can't end the call itself any more.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
