import { useEffect, useState } from 'react'
import type { Language } from '../i18n/texts.ts'
import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'

/** Reads a text aloud for people who don't read; only there when the system has a voice for the language. */
export function ReadAloud({ text, language }: { readonly text: string; readonly language: Language }) {
  const { texts } = useWindow()
  const voice = useVoice(language)
  const [speaking, setSpeaking] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text ends the one being read
  useEffect(() => () => window.speechSynthesis?.cancel(), [text])
  if (voice === null) return null
  const toggle = (): void => {
    window.speechSynthesis.cancel()
    setSpeaking(!speaking)
    if (speaking) return
    const speech = new SpeechSynthesisUtterance(text)
    speech.voice = voice
    speech.lang = voice.lang
    speech.rate = 0.9
    speech.onend = () => setSpeaking(false)
    speech.onerror = () => setSpeaking(false)
    window.speechSynthesis.speak(speech)
  }
  return (
    <button type="button" className="button read-aloud" onClick={toggle}>
      <Icon name={speaking ? 'stop' : 'speaker'} />
      <span>{speaking ? texts.consent.stopReading : texts.consent.readAloud}</span>
    </button>
  )
}

/** Voices come late: the list is empty until the system has loaded them. */
function useVoice(language: Language): SpeechSynthesisVoice | null {
  const [voices, setVoices] = useState<readonly SpeechSynthesisVoice[]>([])
  useEffect(() => {
    const { speechSynthesis } = window
    if (speechSynthesis === undefined) return
    const load = (): void => setVoices(speechSynthesis.getVoices())
    load()
    speechSynthesis.addEventListener('voiceschanged', load)
    return () => speechSynthesis.removeEventListener('voiceschanged', load)
  }, [])
  const spoken = language.slice(0, 2)
  return voices.find(({ lang }) => lang.toLowerCase().startsWith(spoken)) ?? null
}
