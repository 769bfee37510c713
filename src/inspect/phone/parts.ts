/* Elements of the inspector's page. Texts are set as text; the one piece of markup is a code that the page drew itself. */

export function words(name: string, text: string): HTMLElement {
  const element = document.createElement('p')
  element.className = name
  element.textContent = text
  return element
}

export function button(name: string, text: string, onPress: () => void): HTMLElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = name
  element.dataset.act = name
  element.textContent = text
  element.addEventListener('click', onPress)
  return element
}

/** A button that asks for a file; `capture` opens a phone's camera for it. */
export function fileButton(
  name: string,
  text: string,
  kind: { readonly accept: string; readonly capture?: 'environment' },
  onFile: (file: File) => void,
): HTMLElement {
  const label = document.createElement('label')
  label.className = `file ${name}`
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = kind.accept
  input.dataset.file = name
  if (kind.capture !== undefined) input.setAttribute('capture', kind.capture)
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file !== undefined) onFile(file)
  })
  label.append(text, input)
  return label
}

export function pinField(text: string): { readonly label: HTMLElement; readonly value: () => string } {
  const label = document.createElement('label')
  label.className = 'pin'
  const input = document.createElement('input')
  input.type = 'password'
  input.autocomplete = 'off'
  label.append(text, input)
  return { label, value: () => input.value }
}

/** A QR code, as the SVG of `qrSvg`: digits and letters of a path, and an escaped label. */
export function code(name: string, svg: string): HTMLElement {
  const element = document.createElement('div')
  element.className = `code ${name}`
  element.innerHTML = svg
  return element
}

export function rows(lines: readonly (readonly [string, string])[]): HTMLElement {
  const list = document.createElement('dl')
  for (const [name, value] of lines) {
    const [term, detail] = [document.createElement('dt'), document.createElement('dd')]
    term.textContent = name
    detail.textContent = value
    list.append(term, detail)
  }
  return list
}
