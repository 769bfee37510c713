import { useEffect, useState } from 'react'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'

/** Digits for a number that everybody may read, by touch or keyboard. */
export function NumberPad(pad: {
  readonly most: number
  readonly words: (count: string) => string
  readonly onDone: (count: number) => void
}) {
  const { texts } = useWindow()
  const [written, setWritten] = useState('')
  const { most } = pad
  useEffect(() => {
    const press = ({ key }: KeyboardEvent): void => {
      if (/^\d$/.test(key)) setWritten((before) => withDigit(before, key, most))
      else if (key === 'Backspace') setWritten((before) => before.slice(0, -1))
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [most])
  return (
    <div className="keypad visit-pad">
      <output className="pin">{pad.words(written === '' ? '—' : written)}</output>
      {DIGITS.map((digit) => (
        <button
          key={digit}
          type="button"
          className={digit === '0' ? 'key key-zero' : 'key'}
          onClick={() => setWritten((before) => withDigit(before, digit, most))}
        >
          {digit}
        </button>
      ))}
      <button
        type="button"
        className="key key-erase"
        aria-label={texts.pin.erase}
        onClick={() => setWritten((before) => before.slice(0, -1))}
      >
        <Icon name="erase" />
      </button>
      <button
        type="button"
        className="key key-done"
        aria-label={texts.pin.confirm}
        disabled={written === ''}
        onClick={() => pad.onDone(Number(written))}
      >
        <Icon name="check" />
      </button>
    </div>
  )
}

function withDigit(before: string, digit: string, most: number): string {
  const next = before === '0' ? digit : before + digit
  return Number(next) > most ? before : next
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']
