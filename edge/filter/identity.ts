/** What tells two events of a device apart: the name under which a rule remembers. Texts of an event hold no U+0000. */
import type { Event, Reading, ScanEvent } from '#shared/event.ts';

/** What the scan says happened, to what and where; the reader's antenna, signal and counters are not part of it. */
function scanIdentity({ parcelId, readPoint, action, bizStep, presence }: ScanEvent): string {
  if (readPoint === undefined && action === undefined && bizStep === undefined)
    return presence === 'exit' ? `${parcelId}\0exit` : parcelId;
  // Of a thing that was condensed, the first read is a read like others.
  return `${parcelId}\0${readPoint ?? ''}\0${action ?? ''}\0${bizStep ?? ''}\0${presence === 'exit' ? 'exit' : ''}`;
}

/** What the device says, without when it said so. */
export function contentIdentity(event: Event): string {
  switch (event.kind) {
    case 'scan':
      return scanIdentity(event);
    case 'position': {
      const { lat, lon, speedKmh, headingDeg, altitudeM, valid } = event;
      return `\0p\0${lat}\0${lon}\0${speedKmh}\0${headingDeg}\0${altitudeM}\0${valid}\0${attributesText(event)}`;
    }
    case 'reading':
      return `\0r\0${event.readings.map(readingText).join('\0')}\0${attributesText(event)}`;
    case 'status':
      return `\0s\0${event.online}\0${event.batteryPct}\0${attributesText(event)}`;
    default:
      return '\0raw';
  }
}

/** The stream of observations that an event belongs to: of a scan that of its thing, so that none loses its first. */
export function streamOf(event: Event): string {
  switch (event.kind) {
    case 'scan':
      return scanIdentity(event);
    case 'reading':
      return `\0r\0${event.readings.map(({ name }) => name).join('\0')}`;
    default:
      return `\0${event.kind}`;
  }
}

/** The number 7 and the text 7 are two values. */
function readingText({ name, value, unit }: Reading): string {
  return `${name}\0${typeof value}\0${String(value)}\0${unit ?? ''}`;
}

function attributesText({ attributes }: Event): string {
  return attributes === undefined ? '' : Object.entries(attributes).flat().join('\0');
}
