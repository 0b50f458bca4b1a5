import { constants, inflateSync } from 'node:zlib';

/** Of the dictionary of SPDY/3.1 (§2.6.10.1), what has its length before it; names of several words stand between commas. */
const Words =
  'options,head,post,put,delete,trace,accept,accept-charset,accept-encoding,accept-language,accept-ranges,age,all' +
  'ow,authorization,cache-control,connection,content-base,content-encoding,content-language,content-length,conten' +
  't-location,content-md5,content-range,content-type,date,etag,expect,expires,from,host,if-match,if-modified-sinc' +
  'e,if-none-match,if-range,if-unmodified-since,last-modified,location,max-forwards,pragma,proxy-authenticate,pro' +
  'xy-authorization,range,referer,retry-after,server,te,trailer,transfer-encoding,upgrade,user-agent,vary,via,war' +
  'ning,www-authenticate,method,get,status,200 OK,version,HTTP/1.1,url,public,set-cookie,keep-alive,origin';

/** And what follows. */
const Rest =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritativ' +
  'e Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 I' +
  'nternal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec' +
  ' 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xm' +
  'l,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=' +
  'iso-8859-1,utf-,*,enq=0.';

const dictionary = Buffer.concat([
  ...Words.split(',').flatMap((word) => [length(word), Buffer.from(word)]),
  Buffer.from(Rest),
]);

function length(word: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(word.length);
  return bytes;
}

/** Reads the header blocks of one connection, in their order, as any zlib does. */
export class HeaderInflater {
  #blocks = Buffer.alloc(0);
  #known = 0;

  decode(block: Uint8Array): Record<string, string> {
    this.#blocks = Buffer.concat([this.#blocks, block]);
    const all = inflateSync(this.#blocks, { dictionary, finishFlush: constants.Z_SYNC_FLUSH });
    const headers: Record<string, string> = {};
    let at = this.#known;
    this.#known = all.length;
    const take = (count: number): Buffer => all.subarray(at, (at += count));
    const text = (): string => take(take(4).readUInt32BE()).toString();
    for (let left = take(4).readUInt32BE(); left > 0; left--) headers[text()] = text();
    if (at !== all.length) throw new Error(`${all.length - at} bytes too many`);
    return headers;
  }
}
