/** What the MCP conformance suite wants to find in a server: its named tools, resources and prompts. */
import { fixtureModule, type FixtureServer, type FixtureContext } from "./server-sdk.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const WAV = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==";

type Answer = Record<string, unknown>;
type Run = (input: Readonly<Record<string, unknown>>, context: FixtureContext) => Answer | Promise<Answer>;

const text = (said: string): Answer => ({ content: [{ type: "text", text: said }] });
const image = { type: "image", data: PNG, mimeType: "image/png" };
const form = (message: string, properties: object, required: readonly string[] = []): Answer => ({
  method: "elicitation/create",
  params: { mode: "form", message, requestedSchema: { type: "object", properties, ...(required.length === 0 ? {} : { required }) } },
});
const sampling = (prompt: string, maxTokens: number): Answer => ({
  method: "sampling/createMessage",
  params: { messages: [{ role: "user", content: { type: "text", text: prompt } }], maxTokens },
});
const ROOTS: Answer = { method: "roots/list", params: {} };
const NAME = form("What is your name?", { name: { type: "string" } }, ["name"]);

/** What a response to a question has, if it is one. */
const accepted = (context: FixtureContext, key: string): Readonly<Record<string, unknown>> | undefined => {
  const given = context.mcpReq.inputResponses?.[key] as { action?: string; content?: Record<string, unknown> } | undefined;
  return given?.action === "accept" ? given.content : undefined;
};

/** Asks, and answers with what came back. */
function asks(question: (input: Readonly<Record<string, unknown>>) => Answer, lead: string): Run {
  return (input, { mcpReq }) => {
    const given = mcpReq.inputResponses?.["question"] as { action?: string; content?: unknown } | undefined;
    if (given === undefined) return { resultType: "input_required", inputRequests: { question: question(input) }, requestState: "asked" };
    return text(`${lead}: action=${given.action}, content=${JSON.stringify(given.content ?? {})}`);
  };
}

const options = ["option1", "option2", "option3"];
const titled = ["First Option", "Second Option", "Third Option"].map((title, index) => ({ const: `value${index + 1}`, title }));

const TOOLS: Readonly<Record<string, Run>> = {
  test_simple_text: () => text("This is a simple text response for testing."),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: "audio", data: WAV, mimeType: "audio/wav" }] }),
  test_embedded_resource: () => ({
    content: [
      {
        type: "resource",
        resource: { uri: "test://embedded-resource", mimeType: "text/plain", text: "This is an embedded resource content." },
      },
    ],
  }),
  test_multiple_content_types: () => ({
    content: [
      { type: "text", text: "Multiple content types test:" },
      image,
      {
        type: "resource",
        resource: { uri: "test://mixed-content-resource", mimeType: "application/json", text: '{"test":"data","value":123}' },
      },
    ],
  }),
  test_tool_with_logging: async (_input, { mcpReq }) => {
    for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) await mcpReq.log("info", data);
    return text("Logged.");
  },
  test_error_handling: () => ({ ...text("This tool intentionally returns an error for testing"), isError: true }),
  test_tool_with_progress: async (_input, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    if (progressToken !== undefined)
      for (const progress of [0, 50, 100])
        await mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
    return text("Done.");
  },
  test_sampling: (input, { mcpReq }) => {
    const given = mcpReq.inputResponses?.["question"] as { content?: { text?: string } } | undefined;
    if (given === undefined)
      return { resultType: "input_required", inputRequests: { question: sampling(String(input["prompt"]), 100) }, requestState: "asked" };
    return text(`LLM response: ${given.content?.text}`);
  },
  test_elicitation: asks(
    ({ message }) =>
      form(
        String(message),
        { username: { type: "string", description: "User's response" }, email: { type: "string", description: "User's email address" } },
        ["username", "email"],
      ),
    "User response",
  ),
  test_elicitation_sep1034_defaults: asks(
    () =>
      form("Please review and update the form fields with defaults", {
        name: { type: "string", default: "John Doe" },
        age: { type: "integer", default: 30 },
        score: { type: "number", default: 95.5 },
        status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
        verified: { type: "boolean", default: true },
      }),
    "Elicitation completed",
  ),
  test_elicitation_sep1330_enums: asks(
    () =>
      form("Please select options from the enum fields", {
        untitledSingle: { type: "string", enum: options },
        titledSingle: { type: "string", oneOf: titled },
        legacyEnum: { type: "string", enum: ["opt1", "opt2", "opt3"], enumNames: ["Option One", "Option Two", "Option Three"] },
        untitledMulti: { type: "array", items: { type: "string", enum: options } },
        titledMulti: { type: "array", items: { anyOf: titled } },
      }),
    "Elicitation completed",
  ),
  test_input_required_result_elicitation: (_input, context) => {
    const name = accepted(context, "user_name")?.["name"];
    return typeof name === "string" ? text(`Hello, ${name}!`) : { resultType: "input_required", inputRequests: { user_name: NAME } };
  },
  test_input_required_result_sampling: (_input, { mcpReq }) => {
    const given = mcpReq.inputResponses?.["capital_question"] as { content?: { text?: string } } | undefined;
    return given === undefined
      ? { resultType: "input_required", inputRequests: { capital_question: sampling("What is the capital of France?", 100) } }
      : text(`${given.content?.text}`);
  },
  test_input_required_result_list_roots: (_input, { mcpReq }) => {
    const given = mcpReq.inputResponses?.["client_roots"] as { roots?: { uri: string }[] } | undefined;
    return given === undefined
      ? { resultType: "input_required", inputRequests: { client_roots: ROOTS } }
      : text(JSON.stringify(given.roots));
  },
  test_input_required_result_request_state: async (_input, context) => {
    if (accepted(context, "confirm") !== undefined && context.mcpReq.requestState() !== undefined) return text("state-ok");
    const question = form("Please confirm", { ok: { type: "boolean" } }, ["ok"]);
    return { resultType: "input_required", inputRequests: { confirm: question }, requestState: await context.mint({ at: "confirm" }) };
  },
  test_input_required_result_multiple_inputs: async (_input, context) => {
    const given = context.mcpReq.inputResponses ?? {};
    if (["user_name", "greeting", "client_roots"].every((key) => key in given)) return text("All of it came.");
    const inputRequests = { user_name: NAME, greeting: sampling("Generate a greeting", 50), client_roots: ROOTS };
    return { resultType: "input_required", inputRequests, requestState: await context.mint({ at: "all" }) };
  },
  test_input_required_result_multi_round: async (_input, context) => {
    const state = context.mcpReq.requestState() as { at?: string; name?: unknown } | undefined;
    const color = accepted(context, "step2")?.["color"];
    if (state?.at === "second" && color !== undefined) return text(`${JSON.stringify(state.name)} likes ${JSON.stringify(color)}.`);
    const name = accepted(context, "step1")?.["name"];
    const second = state?.at === "first" && name !== undefined;
    const question = second
      ? { step2: form("Step 2: What is your favorite color?", { color: { type: "string" } }, ["color"]) }
      : { step1: form("Step 1: What is your name?", { name: { type: "string" } }, ["name"]) };
    return {
      resultType: "input_required",
      inputRequests: question,
      requestState: await context.mint(second ? { at: "second", name } : { at: "first" }),
    };
  },
  test_input_required_result_tampered_state: async (_input, context) => {
    if (context.mcpReq.requestState() !== undefined) return text("The state is as it was.");
    const question = form("Please confirm", { ok: { type: "boolean" } }, ["ok"]);
    return { resultType: "input_required", inputRequests: { confirm: question }, requestState: await context.mint({ at: "tampered" }) };
  },
  test_input_required_result_capabilities: (_input, context) => {
    const can = context.capabilities();
    const inputRequests = {
      ...(can?.["elicitation"] === undefined ? {} : { user_name: NAME }),
      ...(can?.["sampling"] === undefined ? {} : { greeting: sampling("Generate a greeting", 50) }),
    };
    const isAnswered = Object.keys(context.mcpReq.inputResponses ?? {}).length > 0;
    if (isAnswered || Object.keys(inputRequests).length === 0) return text("Nothing to ask.");
    return { resultType: "input_required", inputRequests };
  },
  test_missing_capability: (_input, context) => {
    if (context.capabilities()?.["sampling"] === undefined) throw context.missing({ sampling: {} });
    return text("It has the capability.");
  },
  test_logging_tool: async (_input, { mcpReq }) => {
    await mcpReq.log("info", "A word of the tool.");
    return text("Logged.");
  },
  test_streaming_elicitation: (_input, context) => {
    const name = accepted(context, "user_name")?.["name"];
    return typeof name === "string" ? text(`Hello, ${name}!`) : { resultType: "input_required", inputRequests: { user_name: NAME } };
  },
};

const ARGUMENTS: Readonly<Record<string, string>> = { test_sampling: "prompt", test_elicitation: "message" };

const definitions = Object.keys(TOOLS).map((name) => {
  const argument = ARGUMENTS[name];
  const properties = argument === undefined ? {} : { [argument]: { type: "string" } };
  const inputSchema = { type: "object", properties, ...(argument === undefined ? {} : { required: [argument] }) };
  return { name, description: `The suite's ${name}.`, inputSchema };
});

const RESOURCES: Readonly<Record<string, Answer>> = {
  "test://static-text": { mimeType: "text/plain", text: "This is the content of the static text resource." },
  "test://static-binary": { mimeType: "image/png", blob: PNG },
  "test://watched-resource": { mimeType: "text/plain", text: "Watched." },
};

function readResource(uri: string): Answer | undefined {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  const found =
    id === undefined
      ? RESOURCES[uri]
      : { mimeType: "application/json", text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) };
  return found === undefined ? undefined : { contents: [{ uri, ...found }] };
}

const user = (content: object): object => ({ role: "user", content });
const PROMPTS: Readonly<Record<string, { arguments?: readonly string[]; run: Run }>> = {
  test_simple_prompt: { run: () => ({ messages: [user({ type: "text", text: "This is a simple prompt for testing." })] }) },
  test_prompt_with_arguments: {
    arguments: ["arg1", "arg2"],
    run: ({ arg1, arg2 }) => ({
      messages: [user({ type: "text", text: `Prompt with arguments: arg1='${String(arg1)}', arg2='${String(arg2)}'` })],
    }),
  },
  test_prompt_with_embedded_resource: {
    arguments: ["resourceUri"],
    run: ({ resourceUri }) => ({
      messages: [
        user({ type: "resource", resource: { uri: resourceUri, mimeType: "text/plain", text: "Embedded resource content for testing." } }),
        user({ type: "text", text: "Please process the embedded resource above." }),
      ],
    }),
  },
  test_prompt_with_image: { run: () => ({ messages: [user(image), user({ type: "text", text: "Please analyze the image above." })] }) },
  test_input_required_result_prompt: {
    run: (_input, context) => {
      const said = accepted(context, "user_context")?.["context"];
      if (typeof said === "string") return { messages: [user({ type: "text", text: `With this context: ${said}` })] };
      const question = form("What context should the prompt use?", { context: { type: "string" } }, ["context"]);
      return { resultType: "input_required", inputRequests: { user_context: question } };
    },
  },
};

/** Makes the server of one connection or request. */
export async function fixtureSurface(): Promise<() => FixtureServer> {
  const { make, invalidParams } = await fixtureModule();
  return () =>
    make({
      "tools/list": () => ({ tools: definitions }),
      "tools/call": ({ name, arguments: input = {} }, context) => {
        const run = TOOLS[String(name)];
        if (run === undefined) throw invalidParams(`There is no tool ${String(name)}.`);
        return run(input as Record<string, unknown>, context);
      },
      "resources/list": () => ({
        resources: Object.entries(RESOURCES).map(([uri, { mimeType }]) => ({
          uri,
          name: uri,
          description: `The suite's ${uri}.`,
          mimeType,
        })),
      }),
      "resources/templates/list": () => ({
        resourceTemplates: [
          { uriTemplate: "test://template/{id}/data", name: "template", description: "By id.", mimeType: "application/json" },
        ],
      }),
      "resources/read": ({ uri }) => {
        const found = readResource(String(uri));
        if (found === undefined) throw invalidParams("Resource not found", { uri });
        return found;
      },
      "resources/subscribe": () => ({}),
      "resources/unsubscribe": () => ({}),
      "prompts/list": () => ({
        prompts: Object.entries(PROMPTS).map(([name, prompt]) => ({
          name,
          description: `The suite's ${name}.`,
          ...(prompt.arguments === undefined
            ? {}
            : { arguments: prompt.arguments.map((one) => ({ name: one, description: one, required: true })) }),
        })),
      }),
      "prompts/get": ({ name, arguments: input = {} }, context) => {
        const prompt = PROMPTS[String(name)];
        if (prompt === undefined) throw invalidParams(`There is no prompt ${String(name)}.`);
        return prompt.run(input as Record<string, unknown>, context);
      },
      "completion/complete": () => ({ completion: { values: [], total: 0, hasMore: false } }),
    });
}
