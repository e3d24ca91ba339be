/** Where dots lie on a number line: at their value, and above others where these leave no room. Pixels. */

/**
 * How high above the line each dot lies, so that dots of that radius do not cover each other. A pile that is higher than there
 * is room is pressed together, like coins.
 */
export function pile(xs: ArrayLike<number>, radius: number, room: number): Float32Array {
  const ys = new Float32Array(xs.length);
  const distance = 2 * radius;
  for (let dot = 0; dot < xs.length; dot++) {
    // It lies on the line, or rests on one that is near, as low as it can; of equals each is above the one before.
    const near: number[] = [];
    let lowest = 0;
    for (let other = 0; other < dot; other++) {
      if (Math.abs(xs[dot] - xs[other]) < distance) near.push(other);
      if (xs[dot] === xs[other]) lowest = ys[other] + distance;
    }
    const resting = near.map((other) => ys[other] + Math.sqrt(distance ** 2 - (xs[dot] - xs[other]) ** 2));
    const heights = [lowest, ...resting.filter((y) => y > lowest)].sort((a, b) => a - b);
    const isFree = (y: number) =>
      near.every((other) => Math.hypot(xs[dot] - xs[other], y - ys[other]) >= distance - 0.01);
    ys[dot] = heights.find(isFree) ?? lowest;
  }
  return ys.map((y, dot) => {
    let top = y;
    for (let other = 0; other < ys.length; other++) {
      if (Math.abs(xs[dot] - xs[other]) < distance) top = Math.max(top, ys[other]);
    }
    return top > room ? (y * room) / top : y;
  });
}
