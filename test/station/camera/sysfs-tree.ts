import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

/*
 * A /sys as the kernel lays it out, made of folders, files and relative links: paths and attributes follow
 * ABI/testing/sysfs-class-video4linux and sysfs-bus-usb of the kernel's documentation. Not recorded from a machine.
 */

export interface UsbCameraOnPaper {
  readonly name?: string
  readonly interface?: string
  readonly ids?: string
  readonly serial?: string | null
  readonly driver?: string
  /** Host controller below `devices`, e.g. `pci0000:00/0000:00:14.0`. */
  readonly controller?: string
  readonly port?: string
}

/** One made-up tree; gone with `remove`. */
export class SysfsTree {
  readonly root = mkdtempSync(join(tmpdir(), 'shidao-sys-'))
  #nodes = 0

  constructor() {
    this.#folder('class')
  }

  /** A USB camera with its two nodes: pictures and metadata. */
  usb(camera: UsbCameraOnPaper = {}): void {
    const { controller = 'pci0000:00/0000:00:14.0', port = '1', ids = '046d:082d' } = camera
    const device = this.#folder(`devices/${controller}/usb1/1-${port}`)
    const [vendorId = '', productId = ''] = ids.split(':')
    const { serial = 'A1B2C3D4' } = camera
    this.#files(device, { idVendor: vendorId, idProduct: productId, busnum: '1', devpath: port })
    if (serial !== null) this.#files(device, { serial })
    const face = this.#folder(`devices/${controller}/usb1/1-${port}/1-${port}:1.0`)
    if (camera.interface !== undefined) this.#files(face, { interface: camera.interface })
    this.#driver(face, `bus/usb/drivers/${camera.driver ?? 'uvcvideo'}`)
    for (const index of [0, 1]) this.#node(face, camera.name ?? 'HD Pro Webcam C920', index, face)
  }

  /** A device of v4l2loopback: below `devices/virtual`, with nothing behind it. */
  loopback(name = 'Dummy video device (0x0000)'): void {
    this.#node(this.#folder('devices/virtual'), name, 0, null)
  }

  /** A device of a platform driver, such as vivid's. */
  platform(name: string, driver: string): void {
    const device = this.#folder(`devices/platform/${driver}.0`)
    this.#driver(device, `bus/platform/drivers/${driver}`)
    this.#node(device, name, 0, device)
  }

  /** A link of the class that leads nowhere: the device went while it was listed. */
  gone(): void {
    symlinkSync('../../devices/gone', join(this.#folder('class/video4linux'), 'video99'))
  }

  remove(): void {
    rmSync(this.root, { recursive: true })
  }

  #node(parent: string, name: string, index: number, device: string | null): void {
    const number = this.#nodes++
    const node = this.#folder(relative(this.root, join(parent, `video4linux/video${number}`)))
    this.#files(node, { name, index: String(index) })
    if (device !== null) link(device, join(node, 'device'))
    link(node, join(this.#folder('class/video4linux'), `video${number}`))
  }

  #driver(device: string, driver: string): void {
    link(this.#folder(driver), join(device, 'driver'))
  }

  #folder(path: string): string {
    const folder = join(this.root, path)
    mkdirSync(folder, { recursive: true })
    return folder
  }

  #files(folder: string, files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`)
  }
}

function link(target: string, path: string): void {
  symlinkSync(relative(dirname(path), target), path)
}
