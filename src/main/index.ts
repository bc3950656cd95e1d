import { join } from 'node:path';
import { app } from 'electron';
import { findInstallation } from '#host/installation';
import { startDesktop } from './desktop';

startDesktop(
  findInstallation(app.isPackaged ? process.resourcesPath : app.getAppPath(), join(app.getPath('userData'), 'data')),
);
