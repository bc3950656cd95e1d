/** px drawn per CSS px of a picture that stands still, where WebGL is drawn by the processor; one that moves gets 1. */
export const DENSITY_AT_REST = 2;

let answer: boolean | undefined;

/**
 * True where WebGL is drawn by the processor (SwiftShader, llvmpipe): smoothing by several samples is then left out, and
 * still pictures are drawn denser instead.
 */
export function isSoftwareGl(): boolean {
  if (answer === undefined) {
    const context = document.createElement('canvas').getContext('webgl2');
    const facts = context?.getExtension('WEBGL_debug_renderer_info');
    const name = context && facts ? String(context.getParameter(facts.UNMASKED_RENDERER_WEBGL)) : '';
    answer = /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
    context?.getExtension('WEBGL_lose_context')?.loseContext();
  }
  return answer;
}
