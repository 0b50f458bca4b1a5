export type Shape = new (roomy?: boolean) => Record<string, unknown>;

/**
 * Makes plain objects of one kind. Engines keep a layout for what one constructor makes, with room in each object for as many
 * properties as its first ones had. Objects that begin as `{}` and get their properties by computed names have room for four,
 * and become hash tables, ten times as large, with twenty.
 */
export function newShape(): Shape {
  function Message(this: Record<string, unknown>, roomy?: boolean): void {
    // Never run: engines count the assignments to find out how much room the first objects may need.
    if (roomy) {
      this['a'] = 0;
      this['b'] = 0;
      this['c'] = 0;
      this['d'] = 0;
      this['e'] = 0;
      this['f'] = 0;
      this['g'] = 0;
      this['h'] = 0;
      this['i'] = 0;
      this['j'] = 0;
      this['k'] = 0;
      this['l'] = 0;
      this['m'] = 0;
      this['n'] = 0;
      this['o'] = 0;
      this['p'] = 0;
    }
  }
  // Objects without a class of their own, like those of JSON.parse.
  Message.prototype = Object.prototype;
  return Message as unknown as Shape;
}
