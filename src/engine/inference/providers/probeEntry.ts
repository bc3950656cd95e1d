import { PROVIDERS } from '../provider';
import { tryProvider } from './tryProvider';

/** The throw-away process: tries the provider named on its command line and says what it found as one line of JSON. */
const provider = PROVIDERS.find((candidate) => candidate === process.argv[2]);
if (!provider) throw new Error('the probe is started by Retake with the name of a provider');
const finding = await tryProvider(provider);
process.stdout.write(`${JSON.stringify(finding)}\n`, () => process.exit(0));
