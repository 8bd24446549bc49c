-- In what the buyer wants to pay, if that was chosen. What is in the cart is sold in `currency`.
ALTER TABLE carts ADD COLUMN pay_currency TEXT;
