import { SCOPES, TOOL_SCOPES } from "./scopes.ts";

/** How programs find the authorization server (RFC 8414). */
export function authorizationServerMetadata(publicUrl: string): Readonly<Record<string, unknown>> {
  return {
    issuer: publicUrl,
    authorization_endpoint: `${publicUrl}/oauth2/authorize`,
    token_endpoint: `${publicUrl}/oauth2/token`,
    registration_endpoint: `${publicUrl}/oauth2/register`,
    revocation_endpoint: `${publicUrl}/oauth2/revoke`,
    scopes_supported: SCOPES,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: ["none"],
    revocation_endpoint_auth_methods_supported: ["none"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  };
}

/** What a published server says of itself (RFC 9728). `resource` is its address as the program knows it. */
export function resourceMetadata(resource: string, publicUrl: string): Readonly<Record<string, unknown>> {
  return {
    resource,
    authorization_servers: [publicUrl],
    scopes_supported: TOOL_SCOPES,
    bearer_methods_supported: ["header"],
  };
}
