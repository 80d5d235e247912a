"""Double publicity 双公示: administrative penalties as the exchange of public credit information takes them."""
