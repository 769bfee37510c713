import type { OpenDesk } from '../station/desk-service.ts'
import { openExportDesk } from './export-desk.ts'
import { joinByProof } from './join-desk.ts'
import { openVisitDesk } from './visit-desk.ts'

/** What a station does with its whole ledger beside the door: inspectors' visits, and what leaves it as files. */
export const openDesk: OpenDesk = (parts) => {
  const visit = openVisitDesk(parts)
  const files = openExportDesk(parts)
  return (work) => {
    switch (work.act) {
      case 'export.start':
      case 'export.state':
      case 'files.list':
      case 'files.read':
        return files(work)
      case 'join.class':
        return joinByProof(parts, work)
      default:
        return visit(work)
    }
  }
}
