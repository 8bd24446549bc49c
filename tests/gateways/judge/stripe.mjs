// Drives the stand-in for Stripe with Stripe's own library, so that somebody else's code judges its shapes.
import assert from "node:assert/strict";
import http from "node:http";
import Stripe from "stripe";

const key = process.env.FAKE_STRIPE_KEY ?? "sk_test_0123456789";
const secret = process.env.FAKE_STRIPE_WEBHOOK_SECRET ?? "whsec_0123456789abcdef";
const [host, port] = (process.env.FAKE_STRIPE_LISTEN ?? "127.0.0.1:8091").split(":");
const at = { host, port, protocol: "http", apiVersion: "2024-06-20", maxNetworkRetries: 0 };
const stripe = new Stripe(key, at);

// The endpoint that the stand-in was told of: events are verified by the library itself.
const events = [];
const endpoint = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    events.push(stripe.webhooks.constructEvent(Buffer.concat(parts), request.headers["stripe-signature"], secret));
    response.writeHead(204).end();
  });
});
await new Promise((ready) => endpoint.listen(Number(process.env.JUDGE_PORT ?? 8092), "127.0.0.1", ready));
const heard = async (type) => {
  for (let n = 0; n < 50; n += 1) {
    const event = events.find((event) => event.type === type);
    if (event) return event;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error(`no ${type} among ${events.map((event) => event.type)}`);
};
const refused = async (promise, type, code) => {
  const error = await promise.then(() => assert.fail(`no ${type}`), (error) => error);
  assert.ok(error instanceof type, `${error.constructor.name}: ${error.message}`);
  if (code) assert.equal(error.decline_code ?? error.code, code);
  return error;
};

const page = {
  mode: "payment",
  client_reference_id: "order-1",
  line_items: [{ quantity: 1, price_data: { currency: "eur", unit_amount: 6040, product_data: { name: "Order S-1" } } }],
  payment_intent_data: { metadata: { souk_order: "order-1", souk_via: "checkout" } },
  payment_method_types: ["card"],
  success_url: "http://shop.test/back",
  cancel_url: "http://shop.test/back",
};
const once = { idempotencyKey: `judge-${Date.now()}` };
const session = await stripe.checkout.sessions.create(page, once);
assert.equal(session.object, "checkout.session");
assert.deepEqual([session.status, session.payment_status, session.amount_total], ["open", "unpaid", 6040]);
assert.equal((await stripe.checkout.sessions.create(page, once)).id, session.id, "one key, one session");
await refused(
  stripe.checkout.sessions.create({ ...page, client_reference_id: "order-2" }, once),
  Stripe.errors.StripeIdempotencyError,
);
await fetch(`${session.url}/pm_card_visa_chargeDeclined`, { method: "POST", redirect: "manual" });
assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, "open", "the page stays");
await fetch(`${session.url}/pm_card_visa`, { method: "POST", redirect: "manual" });
const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
assert.deepEqual([paid.status, paid.payment_status, paid.payment_intent.status], ["complete", "paid", "succeeded"]);
assert.equal(paid.payment_intent.amount_received, 6040);
assert.equal((await heard("checkout.session.completed")).data.object.id, session.id);
await refused(stripe.checkout.sessions.expire(session.id), Stripe.errors.StripeInvalidRequestError);
const found = await stripe.checkout.sessions.list({ payment_intent: paid.payment_intent.id });
assert.deepEqual(found.data.map((one) => one.id), [session.id]);

const intent = (method, more) => ({
  amount: 500, currency: "eur", confirm: true, payment_method: method, payment_method_types: ["card"],
  return_url: "http://shop.test/back", ...more,
});
assert.equal((await stripe.paymentIntents.create(intent("pm_card_visa"))).status, "succeeded");
const poor = intent("pm_card_visa_chargeDeclinedInsufficientFunds");
const error = await refused(stripe.paymentIntents.create(poor), Stripe.errors.StripeCardError, "insufficient_funds");
assert.equal(error.payment_intent.status, "requires_payment_method");
const asks = await stripe.paymentIntents.create(intent("pm_card_threeDSecure2Required"));
assert.equal(asks.status, "requires_action");
assert.ok(asks.next_action.redirect_to_url.url);
const held = await stripe.paymentIntents.create(intent("pm_card_visa", { capture_method: "manual" }));
assert.equal(held.status, "requires_capture");
const part = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 300 });
assert.deepEqual([part.status, part.amount_received], ["succeeded", 300]);
const let_go = await stripe.paymentIntents.create(intent("pm_card_visa", { capture_method: "manual" }));
assert.equal((await stripe.paymentIntents.cancel(let_go.id)).status, "canceled");
await refused(stripe.paymentIntents.retrieve("pi_none"), Stripe.errors.StripeInvalidRequestError, "resource_missing");

const refund = await stripe.refunds.create({ payment_intent: paid.payment_intent.id, amount: 40, metadata: { a: "b" } });
assert.deepEqual([refund.object, refund.status, refund.amount], ["refund", "succeeded", 40]);
await refused(
  stripe.refunds.create({ payment_intent: paid.payment_intent.id, amount: 6001 }),
  Stripe.errors.StripeInvalidRequestError,
);
assert.equal((await heard("refund.created")).data.object.metadata.a, "b");
assert.equal((await stripe.refunds.list({ payment_intent: paid.payment_intent.id })).data.length, 1);
const all = [];
for await (const one of stripe.paymentIntents.list({ limit: 2 })) all.push(one.id);
assert.equal(new Set(all).size, all.length);
assert.ok(all.length >= 6);
// Backwards, the page next to the object: what the comparison of journals reads.
const next = await stripe.paymentIntents.list({ limit: 2, ending_before: all[4] });
assert.deepEqual(next.data.map((one) => one.id), all.slice(2, 4));
// Connect: an account, its page, transfers to it.
const express = {
  type: "express", country: "DE", capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
  business_profile: { name: "Kiln" }, metadata: { souk_vendor: "vendor-1" },
};
await refused(
  stripe.accounts.create({ ...express, capabilities: { transfers: { requested: true } } }),
  Stripe.errors.StripeInvalidRequestError,
);
const account = await stripe.accounts.create(express);
assert.deepEqual([account.object, account.type, account.payouts_enabled], ["account", "express", false]);
assert.ok(account.requirements.currently_due.includes("external_account"));
const transfer = { amount: 2736, currency: "eur", destination: account.id, transfer_group: "payout:1:1", metadata: { a: "b" } };
await refused(
  stripe.transfers.create(transfer, { idempotencyKey: `too-soon-${Date.now()}` }),
  Stripe.errors.StripeInvalidRequestError, "insufficient_capabilities_for_transfer",
);
const link = await stripe.accountLinks.create({
  account: account.id, type: "account_onboarding", return_url: "http://shop.test/back", refresh_url: "http://shop.test/again",
});
const done = await fetch(link.url, { method: "POST", redirect: "manual" });
assert.equal(done.headers.get("location"), "http://shop.test/back");
assert.equal((await fetch(link.url, { redirect: "manual" })).status, 404, "good for one visit");
assert.equal((await heard("account.updated")).account, account.id);
const ready = await stripe.accounts.retrieve(account.id);
assert.deepEqual([ready.payouts_enabled, ready.capabilities.transfers, ready.requirements.currently_due], [true, "active", []]);
const key1 = { idempotencyKey: `payout-${Date.now()}` };
const sent = await stripe.transfers.create(transfer, key1);
assert.deepEqual([sent.object, sent.amount, sent.amount_reversed, sent.destination], ["transfer", 2736, 0, account.id]);
assert.equal((await stripe.transfers.create(transfer, key1)).id, sent.id, "one key, one transfer");
assert.deepEqual((await stripe.transfers.list({ transfer_group: "payout:1:1" })).data.map((one) => one.id), [sent.id]);
assert.equal((await stripe.transfers.list({ transfer_group: "payout:2:1" })).data.length, 0);
assert.equal((await stripe.transfers.retrieve(sent.id)).amount_reversed, 0);
// Some of it is taken back, once per key, and never more than is left.
const back = { amount: 900, description: "taken back", metadata: { souk_reversal: "reversal:1:1" } };
const key2 = { idempotencyKey: `reversal-${Date.now()}` };
const reversal = await stripe.transfers.createReversal(sent.id, back, key2);
assert.deepEqual(
  [reversal.object, reversal.amount, reversal.currency, reversal.transfer, reversal.metadata],
  ["transfer_reversal", 900, "eur", sent.id, back.metadata],
);
assert.equal((await stripe.transfers.createReversal(sent.id, back, key2)).id, reversal.id, "one key, one reversal");
await refused(stripe.transfers.createReversal(sent.id, { amount: 1837 }), Stripe.errors.StripeInvalidRequestError);
await refused(stripe.transfers.createReversal("tr_none", { amount: 1 }), Stripe.errors.StripeInvalidRequestError, "resource_missing");
assert.deepEqual((await stripe.transfers.listReversals(sent.id)).data.map((one) => one.id), [reversal.id]);
const less = await stripe.transfers.retrieve(sent.id);
assert.deepEqual([less.amount, less.amount_reversed, less.reversed], [2736, 900, false]);
await stripe.transfers.createReversal(sent.id);
assert.deepEqual((await stripe.transfers.retrieve(sent.id)).reversed, true, "without an amount all of it");

await refused(new Stripe("sk_test_of_somebody", at).refunds.list(), Stripe.errors.StripeAuthenticationError);
await refused(stripe.refunds.create({ payment_intent: "pi", nonsense: 1 }), Stripe.errors.StripeInvalidRequestError);
console.log(`Stripe's library is content: ${events.length} events, ${all.length} payment intents.`);
endpoint.close();
