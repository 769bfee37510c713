import { z } from 'zod'
import { exportWork } from './export-work.ts'
import { joinWork } from './join-work.ts'
import { type OfficeWork, officeWork } from './office-work.ts'
import { visitWork } from './visit-work.ts'

/** Everything that is done at a station beside the door: by staff, by inspectors, and what leaves it. */
export const deskWork = z.union([officeWork, visitWork, exportWork, joinWork])
export type DeskWork = z.infer<typeof deskWork>

/** Office work is the station's own; the rest is done by a `DeskService`. */
export function isOfficeWork(work: DeskWork): work is OfficeWork {
  return !/^(visit|export|files|join)\./.test(work.act)
}
