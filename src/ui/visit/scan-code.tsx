import { type FormEvent, useEffect, useState } from 'react'
import { useWindow } from '../window-context.ts'

/**
 * Takes one code of a phone: from a scanner that types like a keyboard, or written by hand. `onCode` gets the text as it
 * came, without the spaces around it; whether it is the code that was asked for is the page's to say.
 */
export function ScanCode({ onCode }: { readonly onCode: (text: string) => void }) {
  const { texts, takeScans } = useWindow()
  const { scan } = texts.visit
  const [written, setWritten] = useState('')
  useEffect(() => takeScans((code) => onCode(code.trim())), [takeScans, onCode])

  const hand = (event: FormEvent): void => {
    event.preventDefault()
    if (written.trim() === '') return
    setWritten('')
    onCode(written.trim())
  }
  return (
    <form className="office-line visit-scan" onSubmit={hand}>
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
