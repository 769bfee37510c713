import { useEffect, useState } from 'react'
import { fill } from '../i18n/languages.ts'
import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'

/**
 * Digits for a PIN, by touch or keyboard. What was entered is shown as dots only and never enters the page's text;
 * it is forgotten as soon as it was handed over or the keypad goes.
 */
export function Keypad({ onDone }: { readonly onDone: (pin: string) => void }) {
  const { texts } = useWindow()
  const [pin, setPin] = useState('')
  const isWhole = pin.length >= SHORTEST

  useEffect(() => {
    const press = ({ key }: KeyboardEvent): void => {
      if (/^\d$/.test(key)) setPin((before) => (before + key).slice(0, LONGEST))
      else if (key === 'Backspace') setPin((before) => before.slice(0, -1))
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])

  const hand = (): void => {
    setPin('')
    onDone(pin)
  }
  return (
    <div className="keypad">
      <output className="pin" aria-label={fill(texts.pin.entered, { count: pin.length })}>
        {pin.length === 0 ? (
          <span className="pin-prompt">{texts.pin.title}</span>
        ) : (
          PLACES.slice(0, pin.length).map((place) => <i key={place} className="pin-dot" />)
        )}
      </output>
      {DIGITS.map((digit) => (
        <button
          key={digit}
          type="button"
          className={digit === '0' ? 'key key-zero' : 'key'}
          onClick={() => setPin((before) => (before + digit).slice(0, LONGEST))}
        >
          {digit}
        </button>
      ))}
      <button
        type="button"
        className="key key-erase"
        aria-label={texts.pin.erase}
        onClick={() => setPin((before) => before.slice(0, -1))}
      >
        <Icon name="erase" />
      </button>
      <button
        type="button"
        className="key key-done"
        aria-label={texts.pin.confirm}
        disabled={!isWhole}
        onClick={hand}
      >
        <Icon name="check" />
      </button>
    </div>
  )
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']
/** Of the protocol's `pin`. */
const SHORTEST = 4
const LONGEST = 32
const PLACES = Array.from({ length: LONGEST }, (_, place) => `place ${place}`)
