/** A tone of 440 Hz and a quarter of full loudness, as Chromium encodes it: 20 ms each. */
export const TONE = [
  "SIJbA2yemawAAAo/R1JLlF81szVX8E7onv9d/FhpQaGTQAbNLf0hbEbOTgkCZOX4sSjEM+ZptgeYvYVZrDJe5x3oJXltBUJG2/N3kgX95i8uIWo=",
  "SKM/96yVAO+m73VN+CdLbf8eMZnVV6lOEmyepghlXMw3bHjp0eeXoqDX/7wA52NZ",
  "SJujX3Mt0jNUYRvNLlhybRjkxHzJjmHj+W3f/wIeovLI59qCXrmegXJkE0yvEjybYZn23pK3G6VdoA==",
  "SJujX3Wc/EkyvftUeGkV7CZpwThAZLz0q8uRCKSFqfII5JL8doxaN8QQ2ALcFJOSCxAXuwGcqAwfHCL84YI=",
  "SJujX3Wc/EkzwAzHClwmh2ffyTcI5pR3K8QV0Gd3UWxY2KmShqu3ZM+4Y1u3N8cIvye9Dn5MD84s",
  "SJujX3Wc/Es5UTV4rVMOSx6xmhtC3yAe3FJY2rQx9JZRVwatPz8Sx5Z9Zet4f++rkg==",
  "SJujX3Mt0i3vTiIpi8Wjkqcewvqgn6Gfz5KiMrNUCAHUiBSttz1LslJg88O00NBpYZHao7LG5YA=",
  "SJujX3Mt0jM5RoQelUthFT+E/qdMGb6GUWlFd6SVJBDauXLRe1KfuDC0GlVADwvdVWKUY9p3BA==",
  "SJujX3Wc/EkyyQ87MZkVjBt0zsczP/Zj7qxoW1t09ixZfe4ReWLNhVrLL2kBXL+T0oS+UHon4+lg",
  "SJujX3Mt0jEzsyGqc6nsFz06L33EAn0w/K/WEHDEWd1Gol00ITPXfpZG4WQ7v9EWvHcI",
  "SJt+crCTuovBNmTGIjn7e+4JqqOT53b6ufJlvbfX7dFHMkbagKGwYgYkcVz1t6hKsbymkfKu24A=",
  "SJsrH3Mt0i3vX6SKsPm3xjBtDJhlriYgD0z8xIMCP5eDz6vmvpgf/Y4zCO4eeBHwueeU+R48+S04",
].map((packet) => new Uint8Array(Buffer.from(packet, "base64")));
