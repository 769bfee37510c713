import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { Camera } from './camera.ts'
import { watchKeyWedge } from './key-wedge.ts'
import { Kiosk } from './kiosk.ts'
import { openChannel } from './open-channel.ts'

const place = document.getElementById('root')
if (place === null) throw new Error('index.html has no #root')
const kiosk = new Kiosk(openChannel(window), new Camera(navigator.mediaDevices))
watchKeyWedge(window, (text) => kiosk.scanned(text))
createRoot(place).render(<App kiosk={kiosk} />)
