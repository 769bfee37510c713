import { bo } from './bo.ts'
import { en } from './en.ts'
import type { Language, Texts } from './texts.ts'
import { zhCN } from './zh-CN.ts'

export const languages: Readonly<Record<Language, { readonly name: string; readonly texts: Texts }>> = {
  'zh-CN': { name: '中文', texts: zhCN },
  bo: { name: 'བོད་ཡིག', texts: bo },
  en: { name: 'English', texts: en },
}

/** The language of the queue: every new person starts with it. */
export const DEFAULT_LANGUAGE: Language = 'zh-CN'

/** A sentence with its `{name}` places filled; a place without a value disappears. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')).trim()
}
