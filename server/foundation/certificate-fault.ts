/** Whether the other side's certificate is not trusted, by the code of Node's error; nothing was sent then. */
export function isCertificateFault(code: string): boolean {
  return /CERT|SELF_SIGNED|^ERR_TLS|UNABLE_TO_(?:VERIFY|GET)/.test(code);
}
