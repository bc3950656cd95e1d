import { z } from 'zod';

// The page's content security policy forbids eval; zod must not try. Imported before every schema.
z.config({ jitless: true });
