import { tamperClassesOfHistory } from './tamper-history.ts'
import { anyEvent, change, exchange, found, renumber, rowOf, type TamperClass } from './tampering.ts'

/** Each way to tamper with a ledger file, and what the verifier has to call it. */
export const tamperClasses: readonly TamperClass[] = [
  [
    'one byte of a body changed',
    (file) => {
      const index = anyEvent(file)
      const { body } = file.rows[index]!
      body[file.random(body.length)]! ^= 1 + file.random(255)
      return found(file, 'altered', index)
    },
  ],
  [
    'one byte of a leaf changed',
    (file) => {
      const index = anyEvent(file)
      file.rows[index]!.leaf[file.random(32)]! ^= 1 + file.random(255)
      return found(file, 'altered', index)
    },
  ],
  [
    'a body changed and its leaf computed again',
    (file) => {
      const index = anyEvent(file)
      change(file.rows[index]!)
      return found(file, 'altered', index)
    },
  ],
  [
    'a body and leaf changed and the signatures of all sizes thrown away',
    (file) => {
      const index = anyEvent(file)
      change(file.rows[index]!)
      file.db.exec('DELETE FROM signed_size')
      return { ...found(file, 'altered', index), atMost: true }
    },
  ],
  [
    'a body replaced by bytes that are no event',
    (file) => {
      const index = anyEvent(file)
      file.rows[index] = rowOf(Buffer.from('nothing'))
      return found(file, 'altered', index)
    },
  ],
  [
    'a body replaced by a copy of another event',
    (file) => {
      const index = 2 + file.random(file.rows.length - 3)
      file.rows[index] = file.rows[index - 1]!
      return found(file, 'altered', index)
    },
  ],
  [
    'a body that is text instead of bytes',
    (file) => {
      const index = anyEvent(file)
      file.db.prepare('UPDATE event SET body = CAST(body AS TEXT) WHERE idx = ?').run(index)
      return { code: 'altered', index }
    },
  ],
  [
    'an event deleted',
    (file) => {
      const index = file.random(file.rows.length - 1)
      file.db.prepare('DELETE FROM event WHERE idx = ?').run(index)
      return { code: 'removed', index }
    },
  ],
  [
    'an event deleted and the others moved up',
    (file) => {
      const index = file.random(file.rows.length - 1)
      file.rows.splice(index, 1)
      return found(file, 'removed', index)
    },
  ],
  [
    'an event deleted, the others moved up, renumbered and hashed again',
    (file) => {
      const index = anyEvent(file)
      file.rows.splice(index, 1)
      renumber(file)
      return found(file, 'removed', index)
    },
  ],
  [
    'the last events deleted',
    (file) => {
      const count = 1 + file.random(5)
      file.rows.length -= count
      return found(file, 'removed', file.rows.length)
    },
  ],
  [
    'a forged event put in, the others moved down',
    (file) => {
      const index = anyEvent(file)
      const forged = { ...file.rows[index]! }
      change(forged)
      file.rows.splice(index, 0, forged)
      return found(file, 'inserted', index)
    },
  ],
  [
    'a forged event put in before the last one',
    (file) => {
      const index = file.rows.length - 1
      const forged = { ...file.rows[index]! }
      change(forged)
      file.rows.splice(index, 0, forged)
      return found(file, 'inserted', index)
    },
  ],
  [
    'a copy of an earlier event put in',
    (file) => {
      const index = 2 + file.random(file.rows.length - 3)
      file.rows.splice(index, 0, file.rows[file.random(index)]!)
      return found(file, 'inserted', index)
    },
  ],
  [
    'bytes that are no event put in',
    (file) => {
      const index = anyEvent(file)
      file.rows.splice(index, 0, rowOf(Buffer.from('nothing')))
      return found(file, 'inserted', index)
    },
  ],
  [
    'a forged event put in, the others moved down, renumbered and hashed again',
    (file) => {
      const index = anyEvent(file)
      const forged = { ...file.rows[index]! }
      change(forged)
      file.rows.splice(index, 0, forged)
      renumber(file)
      return found(file, 'inserted', index)
    },
  ],
  [
    'an event added at the end',
    (file) => {
      file.rows.push({ ...file.rows.at(-1)! })
      renumber(file)
      return found(file, 'inserted', file.original.size)
    },
  ],
  [
    'two neighbours exchanged',
    (file) => {
      const index = 1 + file.random(file.rows.length - 2)
      exchange(file, index, index + 1)
      return found(file, 'reordered', index)
    },
  ],
  [
    'two events exchanged',
    (file) => {
      const index = 1 + file.random(file.rows.length - 4)
      exchange(file, index, index + 2 + file.random(file.rows.length - index - 2))
      return found(file, 'reordered', index)
    },
  ],
  [
    'two bodies exchanged, leaves left',
    (file) => {
      const index = 1 + file.random(file.rows.length - 2)
      const [one, other] = [file.rows[index]!, file.rows[index + 1]!]
      file.rows[index] = { ...one, body: other.body }
      file.rows[index + 1] = { ...other, body: one.body }
      return found(file, 'reordered', index)
    },
  ],
  [
    'an event moved to a later place',
    (file) => {
      const index = 1 + file.random(file.rows.length - 4)
      const [moved] = file.rows.splice(index, 1)
      file.rows.splice(index + 2, 0, moved!)
      return found(file, 'reordered', index)
    },
  ],
  [
    'an event moved to an earlier place',
    (file) => {
      const index = 1 + file.random(file.rows.length - 4)
      const [moved] = file.rows.splice(index + 2, 1)
      file.rows.splice(index, 0, moved!)
      return found(file, 'reordered', index)
    },
  ],
  [
    'an event’s number in the table changed',
    (file) => {
      const index = anyEvent(file)
      file.db.prepare('UPDATE event SET idx = 1000 WHERE idx = ?').run(index)
      return { code: 'reordered', index }
    },
  ],
  [
    'the signed head damaged',
    (file) => {
      file.db.exec(`UPDATE head SET note = replace(note, '— ', '— x')`)
      return { code: 'altered', index: null }
    },
  ],
  [
    'the signed head’s tree size changed',
    (file) => {
      const { size } = file.original
      file.db.prepare('UPDATE head SET note = replace(note, ?, ?)').run(`\n${size}\n`, `\n${size - 1}\n`)
      return { code: 'altered', index: null }
    },
  ],
  [
    'the signed head deleted',
    (file) => {
      file.db.exec('DELETE FROM head')
      return { code: 'removed', index: null }
    },
  ],
  [
    'the table of events deleted',
    (file) => {
      file.db.exec('DROP TABLE event')
      return { code: 'altered', index: 0 }
    },
  ],
  [
    'the table of events replaced by a view',
    (file) => {
      file.db.exec('ALTER TABLE event RENAME TO real; CREATE VIEW event AS SELECT * FROM real')
      return { code: 'altered', index: 0 }
    },
  ],
  ...tamperClassesOfHistory,
]
