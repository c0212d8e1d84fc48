/** Interactions that are listed where held-out rows confirm none of many, or only few. */
export const LISTED = 20;
