import type { Warning } from '@client-ts/apimachinery';
import { decodeEncodedWords } from './encoded-words.js';

/** The quotes that RFC 7230 allows, with `\` escaping any character. */
const WarningPattern = /^\s*(\d{3}) (\S+) "((?:[^"\\]|\\.)*)"(?: "[^"]*")?\s*(?:,|$)/;

/**
 * Parses the values of `Warning` headers (RFC 7234 §5.5), each of which may hold several.
 *
 * Only code 299 is a warning of an API server; others, and what is not a warning at all, are left out: a header must not
 * be able to break a request that succeeded.
 */
export function parseWarnings(values: readonly string[]): Warning[] {
  const warnings: Warning[] = [];
  for (const value of values) {
    let rest = value;
    for (let match = WarningPattern.exec(rest); match; match = WarningPattern.exec(rest)) {
      const [whole, code, agent = '', text = ''] = match;
      // Encoded words may hold what moves the cursor of a terminal.
      const decoded = decodeEncodedWords(text.replaceAll(/\\(.)/g, '$1')).replaceAll(/\p{Cc}+/gu, ' ');
      if (code === '299' && decoded !== '') warnings.push({ code: 299, agent, text: decoded });
      rest = rest.slice(whole.length);
    }
  }
  return warnings;
}
