"""From the words of an order to RxNorm: its drug, strength and form, and the product of them."""
