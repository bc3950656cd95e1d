import { join } from 'node:path';
import { app } from 'electron';
import { dataFolder, findInstallation } from '#host/installation';
import { startDesktop } from './desktop';

// Projects lie where serve and the terminal look for them: falling back to the browser must not hide them.
const packaged = { unpacked: join(process.resourcesPath, 'app.asar.unpacked'), resources: process.resourcesPath };
startDesktop(
  app.isPackaged
    ? findInstallation(app.getAppPath(), dataFolder(), packaged)
    : findInstallation(app.getAppPath(), dataFolder()),
);
