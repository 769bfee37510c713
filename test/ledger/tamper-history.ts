import {
  change,
  replaceByAnotherStation,
  resign,
  rewriteEverything,
  rollBack,
  rowOf,
  signHead,
  type TamperClass,
  writeRows,
} from './tampering.ts'

/* Ways in which whoever holds the key, or an older copy, puts another history in the place of a ledger's. */

export const tamperClassesOfHistory: readonly TamperClass[] = [
  [
    'the head put back to an older one',
    (file) => {
      const note = file.db.prepare(`SELECT note FROM kept_checkpoint WHERE kind = 'session'`).pluck().get()
      file.db.prepare('UPDATE head SET note = ?').run(note)
      return { code: 'rolled-back', index: 10 }
    },
  ],
  [
    'head and events put back, signatures left',
    (file) => {
      rollBack(file, 10)
      return { code: 'rolled-back', index: 10 }
    },
  ],
  [
    'head, events and signatures put back, kept checkpoints left',
    (file) => {
      rollBack(file, 10)
      file.db.exec('DELETE FROM signed_size WHERE size > 10')
      return { code: 'rolled-back', index: 10 }
    },
  ],
  [
    'everything put back, but somebody outside saw more',
    (file) => {
      rollBack(file, 10)
      file.db.exec('DELETE FROM signed_size WHERE size > 10; DELETE FROM kept_checkpoint WHERE size > 10')
      return { code: 'rolled-back', index: 10, options: { checkpoints: [file.original.head] } }
    },
  ],
  [
    'history rewritten and signed again by the key’s holder, kept checkpoints left',
    (file) => {
      const { kept, key } = file.original
      const index = 4 + file.random(kept.at(-1)! - 4)
      change(file.rows[index]!)
      resign(file, key.signer)
      return { code: 'tail-replaced', index: file.original.kept.findLast((size) => size <= index) ?? 0 }
    },
  ],
  [
    'history rewritten and only the head signed again',
    (file) => {
      const { kept, key } = file.original
      const index = 4 + file.random(kept.at(-1)! - 4)
      change(file.rows[index]!)
      writeRows(file)
      signHead(file, key.signer)
      return { code: 'tail-replaced', index }
    },
  ],
  [
    'history rewritten with its receipts by the key’s holder, but somebody outside saw it',
    (file) => {
      change(file.rows[4]!)
      file.rows.push({ ...file.rows[5]! })
      rewriteEverything(file, file.original.key.signer)
      return { code: 'tail-replaced', index: 0, options: { checkpoints: [file.original.head] } }
    },
  ],
  [
    'another history of the same size, and somebody outside saw the first',
    (file) => {
      change(file.rows[4]!)
      rewriteEverything(file, file.original.key.signer, { keepSize: true })
      return { code: 'forked', index: 0, options: { checkpoints: [file.original.head] } }
    },
  ],
  [
    'everything made anew with another key',
    (file) => {
      const options = { key: replaceByAnotherStation(file) }
      return { code: 'wrong-key', index: 0, options }
    },
  ],
  [
    'an act changed and everything signed again by the station’s key',
    (file) => {
      const index = 3
      const event = JSON.parse(file.rows[index]!.body.toString('utf8'))
      event.data.act.statement = event.data.act.statement.replace('1772409600000', '1772409600001')
      file.rows[index] = rowOf(Buffer.from(JSON.stringify(event)))
      rewriteEverything(file, file.original.key.signer, { keepSize: true })
      return { code: 'altered', index }
    },
  ],
  [
    'a receipt’s time changed and everything after it signed again by the station’s key',
    (file) => {
      const index = file.original.size > 7 ? 7 : 0
      const event = JSON.parse(file.rows[index]!.body.toString('utf8'))
      event.data.time += 60_000
      file.rows[index] = rowOf(Buffer.from(JSON.stringify(event)))
      file.rows.length = index + 1
      resign(file, file.original.key.signer)
      file.db.exec(
        `DELETE FROM kept_checkpoint WHERE size > ${index}; DELETE FROM signed_size WHERE size > ${index + 1}`,
      )
      return { code: 'wrong-key', index, options: { witness: file.original.witness.vkey } }
    },
  ],
]
