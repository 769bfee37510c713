import { type VendorPrototypes, vendorPrototypes } from '../../../src/cards/vendor/prototypes.ts'

const source = 'test/cards/vendor/broken.c'

/** The functions of broken.c. */
export const brokenPrototypes: VendorPrototypes = vendorPrototypes.parse({
  name: 'broken',
  title: 'A library that misbehaves',
  convention: 'cdecl',
  functions: {
    fine: { arguments: [{ name: 'value', type: 'int' }], source },
    crash: { arguments: [], source },
    leave: { arguments: [], source },
    hang: { arguments: [], source },
    overrun: {
      arguments: [
        { name: 'room', type: 'output', bytes: 16 },
        { name: 'bytes', type: 'int' },
      ],
      source,
    },
    exaggerate: {
      arguments: [
        { name: 'room', type: 'output', bytes: 16 },
        { name: 'length', type: 'lengthOf', of: 'room' },
      ],
      source,
    },
    litter: { arguments: [{ name: 'folder', type: 'output', bytes: 4096 }], source },
    peek: { arguments: [], source },
  },
})
