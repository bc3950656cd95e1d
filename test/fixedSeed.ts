import fc from 'fast-check';

// Property tests look at the same cases on every machine; RETAKE_SEED looks elsewhere.
fc.configureGlobal({ seed: Number(process.env['RETAKE_SEED'] ?? 20261123) });
