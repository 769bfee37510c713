import { useEffect, useState } from 'react'
import { noticeText } from '../common/notice.ts'

/**
 * sha256 (hex) of the notice that this window would show, null while it is being computed. Empty where the page has no
 * cryptography (not a secure context), so that it equals no version.
 */
export function useNoticeVersion(): string | null {
  const [version, setVersion] = useState<string | null>(null)
  useEffect(() => {
    void sha256(noticeText['zh-CN']).then(setVersion, () => setVersion(''))
  }, [])
  return version
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
