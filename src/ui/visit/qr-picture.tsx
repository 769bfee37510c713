import { useMemo } from 'react'
import { qrSvg } from '../../common/qr.ts'
import { VisitFault } from './visit-page.tsx'

/** A text as a QR code for a phone; one that is too long for a code says so. `label` is what a screen reader says. */
export function QrPicture({ text, label }: { readonly text: string; readonly label: string }) {
  const picture = useMemo(() => drawn(text, label), [text, label])
  if (picture === null) return <VisitFault code="VISIT_TOO_LONG" />
  return <img className="visit-qr" alt={label} src={picture} />
}

function drawn(text: string, label: string): string | null {
  try {
    return `data:image/svg+xml,${encodeURIComponent(qrSvg(text, label))}`
  } catch {
    return null
  }
}
