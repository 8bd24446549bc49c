// Drives the stand-in for Midtrans with Midtrans' own library, so that somebody else's code judges its shapes. The library
// knows Midtrans' addresses alone: its requests are turned to the stand-in on their way.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { endpoint } from "./endpoint.mjs";

const { Snap, CoreApi } = createRequire(import.meta.url)("midtrans-client");
const serverKey = process.env.FAKE_MIDTRANS_KEY ?? "SB-Mid-server-0123456789";
const base = `http://${process.env.FAKE_MIDTRANS_LISTEN ?? "127.0.0.1:8093"}`;
const turned = (client) => {
  client.httpClient.http_client.interceptors.request.use((request) => {
    request.url = request.url.replace(/^https:\/\/(app|api)\.sandbox\.midtrans\.com/, base);
    assert.ok(request.url.startsWith(base), request.url);
    return request;
  });
  return client;
};
const snap = turned(new Snap({ isProduction: false, serverKey }));
const { transaction } = turned(new CoreApi({ isProduction: false, serverKey }));
const { events, heard, close } = await endpoint();
const refused = async (promise, status) => {
  const error = await promise.then(() => assert.fail(`no ${status}`), (error) => error);
  assert.equal(Number(error.httpStatusCode), status, error.message);
  return error.ApiResponse;
};
const page = (order_id) => ({
  transaction_details: { order_id, gross_amount: 150000 }, credit_card: { secure: true },
  callbacks: { finish: "http://shop.test/back" }, page_expiry: { duration: 24, unit: "hours" },
});
const press = (url, button) => fetch(`${url}/${button}`, { method: "POST", redirect: "manual" });

const first = await snap.createTransaction(page("order-1"));
assert.ok(first.token && first.redirect_url.endsWith(first.token));
await refused(transaction.status("order-1"), 404);
const { redirect_url } = await snap.createTransaction(page("order-1"));
assert.notEqual(redirect_url, first.redirect_url);
assert.equal((await press(first.redirect_url, "pay")).status, 404, "the page before is good no more");
await press(redirect_url, "decline");
const denied = await transaction.status("order-1");
assert.deepEqual([denied.transaction_status, denied.status_code], ["deny", "202"]);
await press(redirect_url, "pay");
const paid = await transaction.status("order-1");
assert.deepEqual([paid.transaction_status, paid.fraud_status, paid.gross_amount], ["settlement", "accept", "150000.00"]);
assert.equal(paid.currency, "IDR");
assert.match(paid.transaction_time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
const taken = await refused(snap.createTransaction(page("order-1")), 400);
assert.match(taken.error_messages[0], /order_id has already been taken/);
const note = (await heard((body) => body.transaction_status === "settlement")).body;
const { order_id, status_code, gross_amount, signature_key } = note;
const signed = createHash("sha512").update(order_id + status_code + gross_amount + serverKey).digest("hex");
assert.equal(signature_key, signed);
assert.equal((await transaction.notification(note)).order_id, "order-1", "found by the notification's transaction_id");

const back = { refund_key: "refund-1", amount: 50000, reason: "Scratched" };
const given = await transaction.refund("order-1", back);
assert.deepEqual([given.transaction_status, given.refund_key, given.refund_amount], ["partial_refund", "refund-1", "50000.00"]);
await refused(transaction.refund("order-1", back), 406);
const after = await transaction.status("order-1");
assert.deepEqual(after.refunds.map((refund) => [refund.refund_key, refund.refund_amount]), [["refund-1", "50000.00"]]);
await refused(transaction.refund("order-1", { refund_key: "refund-2", amount: 100001 }), 412);
await refused(transaction.cancel("order-1"), 412);

const cancel = (token) =>
  fetch(`${base}/snap/v1/transactions/${token}/cancel`, {
    method: "POST", headers: { authorization: `Basic ${btoa(`${serverKey}:`)}` },
  }).then((answer) => answer.json());
const { token } = await snap.createTransaction(page("order-2"));
assert.ok((await cancel(token)).canceled_at);
assert.deepEqual((await cancel(token)).error_messages, ["token already canceled"]);
assert.deepEqual((await cancel("none")).error_messages, ["token not found"]);
await refused(turned(new Snap({ isProduction: false, serverKey: "SB-Mid-server-of-others" })).createTransaction({}), 401);
console.log(`Midtrans' library is content: ${events.length} events.`);
close();
