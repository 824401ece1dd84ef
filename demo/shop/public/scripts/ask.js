// Buttons that open the chat with a question, through the widget's public methods.
for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", async () => {
    await customElements.whenDefined("front-desk");
    const desk = document.querySelector("front-desk");
    await desk?.open();
    await desk?.send(button.dataset.ask);
  });
}
