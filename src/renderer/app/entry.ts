import './jitlessZod';
import { startBrowser } from './browserRoot';
import { startDesktop } from './desktopRoot';

// One build for both shells: the preload's bridge tells which it is.
if (window.retake) startDesktop(window.retake);
else startBrowser();
