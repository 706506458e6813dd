/** What a label or a tag identifies: the one place where decoders ask. */
import { identify, identifyEpc } from '#shared/identifiers/identify.ts';

/** The id of what a bar code reads; `fnc1` is what the scanner writes in the place of FNC1, where it is unusual. */
export function labelIdOf(data: string, symbology?: string, fnc1?: string): string {
  return identify(data, { symbology, fnc1 }).parcelId;
}

/** The id of a tag whose EPC is `hex`. */
export function epcIdOf(hex: string): string {
  return identifyEpc(hex).parcelId;
}
