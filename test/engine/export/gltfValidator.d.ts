/** What the tests use of the Khronos validator, which has no types of its own. */
declare module 'gltf-validator' {
  export function validateBytes(bytes: Uint8Array): Promise<{
    issues: {
      numErrors: number;
      numWarnings: number;
      numInfos: number;
      numHints: number;
      messages: { code: string; message: string; pointer?: string }[];
    };
    info: { animationCount: number; totalVertexCount: number };
  }>;
}
