/** The release of Modelyard that this code belongs to; a test holds it equal to the package's version. */
export const RELEASE = '0.1.0'
