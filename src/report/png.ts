import {AutofisError} from '../errors';

/** Pixels per unit of the picture. */
const ZOOM = 2;

/** Draws SVG as PNG. */
type DrawPng = (svg: string) => Uint8Array;

/**
 * The renderer, which only PNG needs.
 * @throws AutofisError where it is not installed, or finds no font.
 */
export async function loadPng(): Promise<DrawPng> {
  const {Resvg} = await import('@resvg/resvg-js').catch((error: Error) => {
    throw new AutofisError(
      'report: PNG pictures are drawn by the package @resvg/resvg-js, which could not be loaded. ' +
        `Install it: npm install @resvg/resvg-js@2, or leave 'png' out of \`formats\`. (${error.message})`,
    );
  });
  const options = {
    fitTo: {mode: 'zoom' as const, value: ZOOM},
    font: {loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans', sansSerifFamily: 'DejaVu Sans'},
  };
  const sample =
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">' +
    '<text y="15" font-family="sans-serif">x</text></svg>';
  if (new Resvg(sample, options).getBBox() === undefined) {
    throw new AutofisError(
      'report: PNG pictures need a font, and this machine has none. Install one, such as DejaVu ' +
        "(Debian: apt-get install fonts-dejavu-core), or leave 'png' out of `formats`.",
    );
  }
  return svg => new Resvg(svg, options).render().asPng();
}
