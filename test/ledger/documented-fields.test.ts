import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { eventTypes } from '../../src/ledger/event.ts'

/* docs/formats.md is what another program is written by: its fields are those of the schema, no more and no fewer. */

const formats = readFileSync('docs/formats.md', 'utf8')

/** `field` → whether it may be null or absent, as the table says. */
function documented(name: string): Record<string, string> {
  const [, table = ''] = formats.split(`<!-- fields: ${name} -->`)
  const rows = table.split('<!-- /fields -->')[0]!.matchAll(/^\| `([^`]+)` \| ([^|]*)\|/gm)
  return Object.fromEntries([...rows].map(([, field, may]) => [field!, may!.trim()]))
}

/** The same of a schema. Objects in arrays are `name[].field`; an array of plain values is its own field. */
function fieldsOf(schema: z.core.$ZodType, path = ''): Record<string, string> {
  const may: string[] = []
  let inner = schema
  for (;;) {
    if (inner instanceof z.ZodNullable) may.push('null')
    else if (inner instanceof z.ZodOptional) may.push('absent')
    else break
    inner = inner.unwrap()
  }
  if (inner instanceof z.ZodArray && inner.element instanceof z.ZodObject) {
    const own = may.length === 0 ? {} : { [path]: may.join(', ') }
    return { ...own, ...fieldsOf(inner.element, `${path}[]`) }
  }
  if (!(inner instanceof z.ZodObject)) return { [path]: may.join(', ') }
  const own = path === '' || may.length === 0 ? {} : { [path]: may.join(', ') }
  const fields = Object.entries(inner.shape).map(([name, field]) =>
    fieldsOf(field as z.core.$ZodType, path === '' ? name : `${path}.${name}`),
  )
  return Object.assign(own, ...fields)
}

test('attendance with its face evidence is documented field by field, with what may be null or absent', () => {
  const fields = fieldsOf(eventTypes.attendance)
  expect(Object.keys(fields).length).toBeGreaterThan(40)
  expect(documented('attendance')).toEqual(fields)
})

test('refusals and answered checks hold the same face evidence', () => {
  const faceOf = (type: 'attendance' | 'refusal' | 'check.answered') =>
    Object.fromEntries(
      Object.entries(fieldsOf(eventTypes[type])).filter(([field]) => field.startsWith('face')),
    )
  expect(faceOf('refusal')).toEqual(faceOf('attendance'))
  expect(faceOf('check.answered')).toEqual(faceOf('attendance'))
})
