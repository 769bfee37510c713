import { z } from 'zod'
import { describedEntry, MOST_ENTRIES } from '../bundle-format.ts'

/*
 * What an auditor finds in `sealed.age`: a zip like the bundle itself (`shidao-opened/v1`), whose `index.json` describes
 * every other entry. It needs no signature: the bundle's index has the hash of `sealed.age`.
 *
 *   records.json                  every commitment of the class's people, with salt and text
 *   claims.json                   the claims document, every line with its reasons
 *   report.html                   the report with names, numbers and everybody's money
 *   staff.json                    names of who signed, by the station's word
 *   people/<number>/efile.json    a person's e-file, in a folder named by social security number
 *   people/<number>/sessions.csv  their sessions as a table
 *   people/<number>/events.shidao-proof   their events with a proof
 *   people/<number>/certificate.txt       the note in the QR code of their certificate of hours
 *   certificates.pdf              the certificates of hours, a page each, in the order of `hours.json`
 */

export const OPENED_FORMAT = 'shidao-opened/v1'

export const openedIndex = z.strictObject({
  format: z.literal(OPENED_FORMAT),
  class: z.string().min(1).max(200),
  origin: z.string().min(1).max(200),
  size: z.int().min(0),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  files: z.array(describedEntry).max(MOST_ENTRIES),
})
export type OpenedIndex = z.infer<typeof openedIndex>

/** Entries that every sealed part has beside its index. */
export const requiredOpened = ['records.json', 'report.html', 'staff.json'] as const

export const staffFile = z.strictObject({
  people: z.array(z.strictObject({ actor: z.string().max(64), name: z.string().max(200) })).max(10_000),
})
