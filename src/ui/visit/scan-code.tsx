import { type FormEvent, useEffect, useState } from 'react'
import { readVisitCode, type VisitCode } from '../../common/visit-codes.ts'
import { useWindow } from '../window-context.ts'
import { CameraCode } from './camera-code.tsx'

/**
 * Takes one code of a phone: from the camera, from a scanner that types like a keyboard, or written by hand. `onCode` gets the text as it
 * came, without the spaces around it; whether it is the code that was asked for is the page's to say.
 */
export function ScanCode({
  onCode,
  wants,
}: {
  readonly onCode: (text: string) => void
  /** What the camera waits for: a phone that still shows its last code is no mistake of anybody. */
  readonly wants?: VisitCode['kind']
}) {
  const { texts, takeScans } = useWindow()
  const { scan } = texts.visit
  const [written, setWritten] = useState('')
  useEffect(() => takeScans((code) => onCode(code.trim())), [takeScans, onCode])

  const see = (text: string): void => {
    if (wants === undefined || readVisitCode(text)?.kind === wants) onCode(text)
  }
  const hand = (event: FormEvent): void => {
    event.preventDefault()
    if (written.trim() === '') return
    setWritten('')
    onCode(written.trim())
  }
  return (
    <form className="office-line visit-scan" onSubmit={hand}>
      <CameraCode onCode={see} />
      <input
        aria-label={scan.label}
        placeholder={scan.label}
        className="office-input"
        name="code"
        value={written}
        maxLength={2000}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setWritten(target.value)}
      />
      <button type="submit" className="button" data-visit="code" disabled={written.trim() === ''}>
        {texts.visit.go}
      </button>
    </form>
  )
}
