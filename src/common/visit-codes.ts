/*
 * What an inspector's phone and a station's window show each other as QR codes. No network is between them: the phone
 * keeps the inspector's key, the station never sees it.
 */

const KEY = 'SHIDAO-INSPECTOR:1:'
const ASK = 'SHIDAO-SIGN:1:'
const SIGNED = 'SHIDAO-SIGNED:1:'

/** The phone says whose it is: raw Ed25519 public key, 64 hex digits. */
export function inspectorCode(publicKey: string): string {
  return KEY + publicKey.toUpperCase()
}

/** The station asks for a signature under this statement (JSON text, at most 2,000 characters). */
export function askCode(statement: string): string {
  return ASK + statement
}

/** The phone's answer: the key and the signature over `actMessage(statement)`, 64 and 128 hex digits. */
export function signedCode(publicKey: string, signature: string): string {
  return `${SIGNED}${publicKey.toUpperCase()}:${signature.toUpperCase()}`
}

export type VisitCode =
  | { readonly kind: 'inspector'; readonly publicKey: string }
  | { readonly kind: 'ask'; readonly statement: string }
  | { readonly kind: 'signed'; readonly publicKey: string; readonly signature: string }

/** Reads one of the three; null for any other text. Total. */
export function readVisitCode(text: string): VisitCode | null {
  if (text.startsWith(ASK)) return { kind: 'ask', statement: text.slice(ASK.length) }
  const key = /^SHIDAO-INSPECTOR:1:([0-9A-F]{64})$/.exec(text)?.[1]
  if (key !== undefined) return { kind: 'inspector', publicKey: key.toLowerCase() }
  const [, publicKey, signature] = /^SHIDAO-SIGNED:1:([0-9A-F]{64}):([0-9A-F]{128})$/.exec(text) ?? []
  if (publicKey === undefined || signature === undefined) return null
  return { kind: 'signed', publicKey: publicKey.toLowerCase(), signature: signature.toLowerCase() }
}
