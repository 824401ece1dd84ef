/** One session of W3C WebDriver, over HTTP. */
export interface WebDriverSession {
  /** Sends a command to the session; `path` follows its own. Throws with the driver's words if it refuses. */
  readonly send: <R>(method: "GET" | "POST" | "DELETE", path: string, body?: object) => Promise<R>;
}

interface Answer {
  readonly value: unknown;
}

async function request(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as Answer;
  const { error, message } = (value ?? {}) as { error?: string; message?: string };
  if (!response.ok) throw new Error(`${error}: ${message}`);
  return value;
}

/** Opens a session at a driver, with capabilities that it must have. */
export async function openSession(driver: string, alwaysMatch: object): Promise<WebDriverSession> {
  const opened = await request("POST", `${driver}/session`, { capabilities: { alwaysMatch } });
  const { sessionId } = opened as { readonly sessionId: string };
  const session = `${driver}/session/${sessionId}`;
  return {
    send: (method, path, body) => request(method, session + path, method === "POST" ? (body ?? {}) : undefined) as Promise<never>,
  };
}
