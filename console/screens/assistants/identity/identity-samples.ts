/** What a website's backend signs tokens with, as docs/identity.md has it, for this assistant and this key. */

interface SampleFor {
  readonly assistant: string;
  readonly kid: string;
}

const NODE = `import { createHmac, randomUUID } from "node:crypto";

export function chatToken(secret, customer) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: customer, aud: "ASSISTANT", iat: now, exp: now + 600, jti: randomUUID() };
  const signed = \`\${part({ alg: "HS256", typ: "JWT", kid: "KID" })}.\${part(claims)}\`;
  return \`\${signed}.\${createHmac("sha256", secret).update(signed).digest("base64url")}\`;
}
console.log(chatToken(process.argv[2], process.argv[3]));`;

const PYTHON = `import base64, hashlib, hmac, json, sys, time, uuid

def chat_token(secret, customer):
    part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    now = int(time.time())
    header = {"alg": "HS256", "typ": "JWT", "kid": "KID"}
    claims = {"sub": customer, "aud": "ASSISTANT", "iat": now, "exp": now + 600, "jti": str(uuid.uuid4())}
    signed = part(json.dumps(header).encode()) + "." + part(json.dumps(claims).encode())
    return signed + "." + part(hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest())

print(chat_token(sys.argv[1], sys.argv[2]))`;

const PHP = `<?php
function chatToken(string $secret, string $customer): string {
    $part = fn(string $data): string => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
    $now = time();
    $id = bin2hex(random_bytes(16));
    $claims = ['sub' => $customer, 'aud' => 'ASSISTANT', 'iat' => $now, 'exp' => $now + 600, 'jti' => $id];
    $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => 'KID'];
    $signed = $part(json_encode($header)) . '.' . $part(json_encode($claims));
    return $signed . '.' . $part(hash_hmac('sha256', $signed, $secret, true));
}
echo chatToken($argv[1], $argv[2]);`;

const SAMPLES = { node: NODE, python: PYTHON, php: PHP } as const;

export type SampleLanguage = keyof typeof SAMPLES;

export const SAMPLE_LANGUAGES: readonly (readonly [SampleLanguage, string])[] = [
  ["node", "Node"],
  ["python", "Python"],
  ["php", "PHP"],
];

export function sampleOf(language: SampleLanguage, { assistant, kid }: SampleFor): string {
  return SAMPLES[language].replace("ASSISTANT", assistant).replace("KID", kid);
}
