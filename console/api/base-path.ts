/** What paths begin with outside, such as `/desk`; empty if with nothing. The server writes it into the page. */
export const BASE_PATH = document.documentElement.dataset["base"] ?? "";
