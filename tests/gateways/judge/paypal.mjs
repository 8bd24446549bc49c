// Drives the stand-in for PayPal with PayPal's own library, so that somebody else's code judges its shapes.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import https from "node:https";
import net from "node:net";
import { endpoint } from "./endpoint.mjs";

const require = createRequire(import.meta.url);
const {
  ApiError, CaptureStatus, CheckoutPaymentIntent, Client, CustomError, OrderStatus, OrdersController, PaymentsController,
  RefundStatus,
} = require("@paypal/paypal-server-sdk");

const oAuthClientId = process.env.FAKE_PAYPAL_CLIENT ?? "app-1";
const oAuthClientSecret = process.env.FAKE_PAYPAL_SECRET ?? "secret-of-the-app";
const listen = process.env.FAKE_PAYPAL_LISTEN ?? "127.0.0.1:8094";
const [host, port] = listen.split(":");
// The library knows PayPal's own addresses alone: whatever it says to them is said to the stand-in.
const httpsAgent = new https.Agent();
httpsAgent.createConnection = () => net.connect(Number(port), host);
const client = (secret) =>
  new Client({
    clientCredentialsAuthCredentials: { oAuthClientId, oAuthClientSecret: secret },
    httpClientOptions: { httpsAgent },
    unstable_httpClientOptions: { proxy: false },
  });
const known = client(oAuthClientSecret);
const [orders, payments] = [new OrdersController(known), new PaymentsController(known)];
const { events, heard, close } = await endpoint();
const refused = async (promise, status, name, issue) => {
  const error = await promise.then(() => assert.fail(`no ${issue ?? name}`), (error) => error);
  assert.ok(error instanceof CustomError, `${error.constructor.name}: ${error.message}`);
  isWhole(error.result, ["name", "message", "debug_id", "details"]);
  assert.deepEqual([error.statusCode, error.result.name], [status, name], error.body);
  if (issue) assert.equal(error.result.details[0].issue, issue);
};
// Everything that a merchant lives on has to be there: the library's types ask for next to nothing.
const isWhole = (object, required) =>
  required.forEach((name) => assert.notEqual(object[name], undefined, `${name} is missing`));
const isOneOf = (status, all) => assert.ok(Object.values(all).includes(status), `${status} is unknown to the library`);
const linkOf = (object, rel) => object.links.find((link) => link.rel === rel)?.href;
const run = Date.now();

const body = {
  intent: CheckoutPaymentIntent.Capture,
  purchaseUnits: [{ customId: "order-1", amount: { currencyCode: "EUR", value: "60.40" } }],
  paymentSource: {
    paypal: { experienceContext: { returnUrl: "http://shop.test/back", cancelUrl: "http://shop.test/back" } },
  },
};
const prefer = "return=representation";
const once = { body, prefer, paypalRequestId: `order-${run}` };
const { result: order } = await orders.createOrder(once);
isWhole(order, ["id", "status", "intent", "links", "purchaseUnits"]);
assert.deepEqual([order.status, order.intent], [OrderStatus.PayerActionRequired, CheckoutPaymentIntent.Capture]);
assert.deepEqual(
  [order.purchaseUnits[0].customId, order.purchaseUnits[0].amount.currencyCode, order.purchaseUnits[0].amount.value],
  ["order-1", "EUR", "60.40"],
);
assert.equal((await orders.createOrder(once)).result.id, order.id, "one key, one order");
await refused(orders.createOrder({ body, prefer }), 400, "INVALID_REQUEST", "PAYPAL_REQUEST_ID_REQUIRED");
await refused(
  orders.createOrder({ body: { ...body, paymentSource: undefined }, paypalRequestId: `none-${run}` }),
  400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER",
);
const take = { id: order.id, prefer, paypalRequestId: `capture-${run}` };
await refused(orders.captureOrder(take), 422, "UNPROCESSABLE_ENTITY", "ORDER_NOT_APPROVED");
const page = linkOf(order, "payer-action");
assert.equal((await fetch(page)).status, 200);
await fetch(`${page}&source=declined`, { method: "POST", redirect: "manual" });
await refused(orders.captureOrder(take), 422, "UNPROCESSABLE_ENTITY", "INSTRUMENT_DECLINED");
const back = await fetch(page, { method: "POST", redirect: "manual" });
assert.equal(back.headers.get("location"), "http://shop.test/back");
assert.equal((await orders.getOrder({ id: order.id })).result.status, OrderStatus.Approved);
const approved = await heard((event) => event.event_type === "CHECKOUT.ORDER.APPROVED");
isWhole(approved.body, ["id", "create_time", "resource_type", "event_version", "summary"]);
assert.equal(approved.body.resource.id, order.id);
isWhole(approved.headers, [
  "paypal-transmission-id", "paypal-transmission-time", "paypal-transmission-sig", "paypal-auth-algo", "paypal-cert-url",
]);

const { result: paid } = await orders.captureOrder(take);
isOneOf(paid.status, OrderStatus);
const [capture] = paid.purchaseUnits[0].payments.captures;
isWhole(capture, ["id", "status", "amount", "customId", "finalCapture", "links"]);
isOneOf(capture.status, CaptureStatus);
assert.deepEqual(
  [paid.status, capture.status, capture.amount.value, capture.amount.currencyCode, capture.customId],
  [OrderStatus.Completed, CaptureStatus.Completed, "60.40", "EUR", "order-1"],
);
await refused(
  orders.captureOrder({ ...take, paypalRequestId: `again-${run}` }),
  422, "UNPROCESSABLE_ENTITY", "ORDER_ALREADY_CAPTURED",
);
const { result: taken } = await payments.getCapturedPayment({ captureId: capture.id });
assert.deepEqual([taken.id, taken.supplementaryData.relatedIds.orderId], [capture.id, order.id]);
assert.ok(linkOf(taken, "up").endsWith(`/v2/checkout/orders/${order.id}`));
const completed = await heard((event) => event.event_type === "PAYMENT.CAPTURE.COMPLETED");
assert.equal(completed.body.resource.id, capture.id);

const some = { amount: { currencyCode: "EUR", value: "0.40" }, customId: "refund-1" };
const give = { captureId: capture.id, prefer, paypalRequestId: `refund-${run}`, body: some };
const { result: refund } = await payments.refundCapturedPayment(give);
isWhole(refund, ["id", "status", "amount", "customId", "links"]);
isOneOf(refund.status, RefundStatus);
assert.deepEqual(
  [refund.status, refund.amount.value, refund.amount.currencyCode, refund.customId],
  [RefundStatus.Completed, "0.40", "EUR", "refund-1"],
);
assert.equal((await payments.refundCapturedPayment(give)).result.id, refund.id, "one key, one refund");
const beyond = { ...give, paypalRequestId: `beyond-${run}`, body: { amount: { currencyCode: "EUR", value: "60.01" } } };
await refused(payments.refundCapturedPayment(beyond), 422, "UNPROCESSABLE_ENTITY", "REFUND_AMOUNT_EXCEEDED");
const { result: given } = await payments.getRefund({ refundId: refund.id });
assert.deepEqual([given.id, given.status], [refund.id, RefundStatus.Completed]);
assert.ok(linkOf(given, "up").endsWith(`/v2/payments/captures/${capture.id}`));
assert.equal((await orders.getOrder({ id: order.id })).result.purchaseUnits[0].payments.refunds.length, 1);
const told = await heard((event) => event.event_type === "PAYMENT.CAPTURE.REFUNDED");
assert.equal(told.body.resource.id, refund.id);

// Parts of several receivers. The library knows no referrals: these are asked for by hand.
const base = `http://${listen}`;
const asked = (path, body, headers) =>
  fetch(base + path, { method: "POST", headers, body }).then(async (answer) => [answer.status, await answer.json()]);
const basic = Buffer.from(`${oAuthClientId}:${oAuthClientSecret}`).toString("base64");
const [, { access_token }] = await asked("/v1/oauth2/token", "grant_type=client_credentials", {
  authorization: `Basic ${basic}`, "content-type": "application/x-www-form-urlencoded",
});
const json = { authorization: `Bearer ${access_token}`, "content-type": "application/json" };
const rest = { third_party_details: { features: ["PAYMENT", "REFUND", "PARTNER_FEE"] } };
const [status, referral] = await asked("/v2/customer/partner-referrals", JSON.stringify({
  tracking_id: `seller-${run}`, legal_consents: [{ type: "SHARE_DATA_CONSENT", granted: true }],
  operations: [{ operation: "API_INTEGRATION", api_integration_preference: { rest_api_integration: rest } }],
  partner_config_override: { return_url: "http://shop.test/back" },
}), json);
assert.equal(status, 201);
await fetch(linkOf(referral, "action_url"), { method: "POST", redirect: "manual" });
const joined = await heard((event) => event.event_type === "MERCHANT.ONBOARDING.COMPLETED");
const seller = joined.body.resource.merchant_id;
const money = (value) => ({ currencyCode: "EUR", value });
const unit = (referenceId, value, more) => ({ referenceId, customId: "order-2", amount: money(value), ...more });
const fee = (value) => ({ platformFees: [{ amount: money(value) }] });
const hers = { payee: { merchantId: seller }, paymentInstruction: { disbursementMode: "INSTANT", ...fee("3.04") } };
const inParts = (units, key) =>
  orders.createOrder({ body: { ...body, purchaseUnits: units }, prefer, paypalRequestId: `${key}-${run}` });
await refused(
  inParts([unit("a", "30.40", { payee: { merchantId: "NOBODYSHOP001" } })], "stranger"),
  422, "UNPROCESSABLE_ENTITY", "PAYEE_ACCOUNT_RESTRICTED",
);
await refused(inParts([unit("a", "1.00", hers)], "fee"), 422, "UNPROCESSABLE_ENTITY", "PLATFORM_FEE_EXCEEDED");
const { result: parts } = await inParts([unit("a", "30.40", hers), unit("market", "30.00")], "parts");
await fetch(linkOf(parts, "payer-action"), { method: "POST", redirect: "manual" });
const { result: shared } = await orders.captureOrder({ id: parts.id, prefer });
assert.deepEqual(
  shared.purchaseUnits.map((one) => [one.referenceId, one.payments.captures[0].amount.value]),
  [["a", "30.40"], ["market", "30.00"]],
);
assert.equal(shared.purchaseUnits[0].payee.merchantId, seller);
assert.equal(shared.purchaseUnits[0].paymentInstruction.platformFees[0].amount.value, "3.04");
const captureId = shared.purchaseUnits[0].payments.captures[0].id;
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const paypalAuthAssertion = `${encode({ alg: "none" })}.${encode({ iss: oAuthClientId, payer_id: seller })}.`;
const ofHers = { amount: money("10.00"), paymentInstruction: fee("1.00") };
await refused(
  payments.refundCapturedPayment({ captureId, prefer, paypalRequestId: `other-${run}`, body: ofHers }),
  403, "NOT_AUTHORIZED", "PERMISSION_DENIED",
);
const { result: halved } = await payments.refundCapturedPayment({
  captureId, prefer, paypalRequestId: `hers-${run}`, paypalAuthAssertion, body: ofHers,
});
assert.deepEqual([halved.status, halved.amount.value], [RefundStatus.Completed, "10.00"]);
const tooMuch = { amount: money("10.00"), paymentInstruction: fee("2.05") };
await refused(
  payments.refundCapturedPayment({ captureId, prefer, paypalRequestId: `much-${run}`, paypalAuthAssertion, body: tooMuch }),
  422, "UNPROCESSABLE_ENTITY", "PLATFORM_FEE_EXCEEDED",
);

await refused(orders.getOrder({ id: "none" }), 404, "RESOURCE_NOT_FOUND");
await refused(payments.getCapturedPayment({ captureId: "none" }), 404, "RESOURCE_NOT_FOUND");
await refused(payments.getRefund({ refundId: "none" }), 404, "RESOURCE_NOT_FOUND");
const stranger = new OrdersController(client("secret-of-somebody"));
const unknown = await stranger.getOrder({ id: order.id }).then(() => assert.fail("no 401"), (error) => error);
assert.ok(unknown instanceof ApiError, `${unknown.constructor.name}: ${unknown.message}`);
assert.deepEqual([unknown.statusCode, unknown.result.error], [401, "invalid_client"]);
console.log(`PayPal's library is content: ${events.length} events.`);
httpsAgent.destroy();
close();
