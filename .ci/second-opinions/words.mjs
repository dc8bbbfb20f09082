// What both platforms' pictures need of words.
const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escape = (s) => String(s).replace(/[&<>]/g, (c) => entities[c]);
export const attribute = (s) => String(s).replace(/[&<>"]/g, (c) => entities[c]);

// moment is how a client shows a time stamp (in seconds) to somebody in Denver.
export function moment(seconds) {
  return new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeStyle: 'short', timeZone: 'America/Denver' }).format(new Date(seconds * 1000));
}

// stamp is how it shows when a message came.
export function stamp(at) {
  return new Intl.DateTimeFormat('en-US', { dateStyle: 'short', timeStyle: 'short', timeZone: 'America/Denver' }).format(new Date(at));
}

// logo is the bot's picture: a house.
export const logo = 'data:image/svg+xml,' + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" fill="#2f5d50"/><path d="M8 19 18 10l10 9v8H8z" fill="#fff"/></svg>');
