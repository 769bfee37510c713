import { useEffect, useState } from 'react'
import { DEFAULT_LANGUAGE } from './i18n/languages.ts'
import type { Language } from './i18n/texts.ts'

/**
 * The language of the person at the kiosk. It is theirs only: when the window comes back to idle it is Chinese again,
 * and so it is when somebody chose another at idle and then went away.
 */
export function useLanguage(isIdle: boolean): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState<Language>(DEFAULT_LANGUAGE)
  useEffect(() => {
    if (isIdle) setLanguage(DEFAULT_LANGUAGE)
  }, [isIdle])
  useEffect(() => {
    if (!isIdle || language === DEFAULT_LANGUAGE) return
    const timer = setTimeout(() => setLanguage(DEFAULT_LANGUAGE), UNUSED_MS)
    return () => clearTimeout(timer)
  }, [isIdle, language])
  return [language, setLanguage]
}

const UNUSED_MS = 30_000
