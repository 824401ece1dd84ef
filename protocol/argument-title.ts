/** What people call an argument: its schema's title, else its name in words. */
export function argumentTitle(schema: Readonly<Record<string, unknown>>, name: string): string {
  const { title } = schema;
  return typeof title === "string" && title !== "" ? title : readableName(name);
}

/** `orderId`, `order_id` → "Order id". */
function readableName(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
  return words === "" ? name : words[0]?.toUpperCase() + words.slice(1);
}
