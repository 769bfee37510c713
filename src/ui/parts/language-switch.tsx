import { languages } from '../i18n/languages.ts'
import type { Language } from '../i18n/texts.ts'
import { useWindow } from '../window-context.ts'

export function LanguageSwitch() {
  const { language, chooseLanguage, texts } = useWindow()
  return (
    <fieldset className="languages" aria-label={texts.bar.language}>
      {(Object.keys(languages) as Language[]).map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          className="language"
          aria-pressed={one === language}
          onClick={() => chooseLanguage(one)}
        >
          {languages[one].name}
        </button>
      ))}
    </fieldset>
  )
}
