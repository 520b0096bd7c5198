/** The URL of an endpoint that may be asked: https, or http to this machine; scheme, host and port and nothing else. */
export function allowedEndpoint(text: string): URL | undefined {
  // Before the URL parser, which drops line breaks, turns backslashes and folds wide characters into ASCII.
  if (!/^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.hostname === "" || url.hostname.endsWith(".")) return undefined;
  return url.protocol === "https:" || isLoopback(url.hostname) ? url : undefined;
}

/** This machine, by its name or its addresses. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
