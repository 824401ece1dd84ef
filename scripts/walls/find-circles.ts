/**
 * The groups in which every member reaches every other one (Tarjan's strongly connected components), of two members or
 * more.
 */
export function findCircles(arrows: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const path: string[] = [];
  const circles: (readonly string[])[] = [];

  const visit = (from: string): number => {
    const index = order.size;
    order.set(from, index);
    path.push(from);
    let low = index;
    for (const to of arrows.get(from) ?? []) {
      if (!arrows.has(to)) continue;
      if (!order.has(to)) low = Math.min(low, visit(to));
      else if (path.includes(to)) low = Math.min(low, order.get(to) ?? low);
    }
    if (low === index) {
      const circle = path.splice(path.indexOf(from));
      if (circle.length > 1) circles.push(circle);
    }
    return low;
  };
  for (const from of arrows.keys()) {
    if (!order.has(from)) visit(from);
  }
  return circles;
}
