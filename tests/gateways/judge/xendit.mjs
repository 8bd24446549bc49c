// Drives the stand-in for Xendit with Xendit's own library, so that somebody else's code judges its shapes.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { endpoint } from "./endpoint.mjs";

const require = createRequire(import.meta.url);
const { Xendit } = require("xendit-node");
const { InvoiceCallbackFromJSON } = require("xendit-node/invoice/models");
const { RefundCallbackFromJSON } = require("xendit-node/refund/models");

const secretKey = process.env.FAKE_XENDIT_KEY ?? "xnd_development_0123456789";
const token = process.env.FAKE_XENDIT_WEBHOOK_TOKEN ?? "token-of-the-webhooks";
const xenditURL = `http://${process.env.FAKE_XENDIT_LISTEN ?? "127.0.0.1:8092"}`;
const { Invoice, Refund } = new Xendit({ secretKey, xenditURL });
const { events, heard, close } = await endpoint();
const refused = async (promise, status, code) => {
  const error = await promise.then(() => assert.fail(`no ${code}`), (error) => error);
  assert.deepEqual([error.status, error.errorCode], [status, code], `${error.message}`);
};
// Everything that the library's types ask for has to be there.
const isWhole = (object, required) =>
  required.forEach((name) => assert.notEqual(object[name], undefined, `${name} is missing`));
const INVOICE = [
  "id", "externalId", "userId", "status", "merchantName", "merchantProfilePictureUrl", "amount", "expiryDate",
  "invoiceUrl", "shouldSendEmail", "created", "updated", "currency",
];
const CALLBACK = ["id", "externalId", "userId", "status", "merchantName", "amount", "created", "updated", "currency"];

const data = {
  externalId: "order-1", amount: 150000, currency: "IDR", description: "Order S-1", invoiceDuration: 3600,
  shouldSendEmail: false, successRedirectUrl: "http://shop.test/back", failureRedirectUrl: "http://shop.test/back",
};
const invoice = await Invoice.createInvoice({ data });
isWhole(invoice, INVOICE);
assert.deepEqual([invoice.status, invoice.amount, invoice.externalId], ["PENDING", 150000, "order-1"]);
assert.equal(Math.round((invoice.expiryDate - invoice.created) / 1000), 3600);
const cut = await Invoice.createInvoice({ data: { ...data, amount: 4550.5 } });
assert.equal(cut.amount, 4550, "what is behind the point of rupiah is cut off");
const pesos = await Invoice.createInvoice({ data: { ...data, externalId: "order-2", amount: 60.4, currency: "PHP" } });
assert.equal(pesos.amount, 60.4);
await fetch(`${invoice.invoiceUrl}/decline`, { method: "POST", redirect: "manual" });
assert.equal((await Invoice.getInvoiceById({ invoiceId: invoice.id })).status, "PENDING", "the page stays");
await fetch(`${invoice.invoiceUrl}/pay`, { method: "POST", redirect: "manual" });
assert.equal((await Invoice.getInvoiceById({ invoiceId: invoice.id })).status, "PAID");
const paid = await heard((body) => body.id === invoice.id && body.status === "PAID");
assert.equal(paid.headers["x-callback-token"], token);
const told = InvoiceCallbackFromJSON(paid.body);
isWhole(told, CALLBACK);
assert.deepEqual([told.paidAmount, told.amount, told.externalId], [150000, 150000, "order-1"]);
const found = await Invoice.getInvoices({ externalId: "order-2" });
assert.deepEqual(found.map((one) => one.id), [pesos.id]);
const soon = new Date(Date.now() + 60000);
const paidLately = await Invoice.getInvoices({ paidAfter: new Date(Date.now() - 60000), paidBefore: soon, limit: 100 });
assert.deepEqual(paidLately.map((one) => one.id), [invoice.id]);
assert.equal((await Invoice.expireInvoice({ invoiceId: pesos.id })).status, "EXPIRED");
await refused(Invoice.expireInvoice({ invoiceId: invoice.id }), 400, "INVOICE_ALREADY_PAID");
await refused(Invoice.getInvoiceById({ invoiceId: "none" }), 404, "INVOICE_NOT_FOUND_ERROR");

const order = { idempotencyKey: `judge-${Date.now()}` };
const back = { invoiceId: invoice.id, referenceId: "refund-1", amount: 50000, currency: "IDR", reason: "REQUESTED_BY_CUSTOMER" };
const refund = await Refund.createRefund({ ...order, data: back });
assert.deepEqual([refund.amount, refund.currency, refund.referenceId], [50000, "IDR", "refund-1"]);
assert.equal((await Refund.createRefund({ ...order, data: back })).id, refund.id, "one key, one refund");
await refused(Refund.createRefund({ ...order, data: { ...back, amount: 1 } }), 409, "IDEMPOTENCY_ERROR");
await refused(Refund.createRefund({ data: back }), 409, "DUPLICATE_ERROR");
await refused(
  Refund.createRefund({ data: { ...back, referenceId: "refund-2", amount: 100001 } }), 400, "MAXIMUM_REFUND_AMOUNT_REACHED",
);
assert.equal((await Refund.getRefund({ refundID: refund.id })).id, refund.id);
const all = await Refund.getAllRefunds({ invoiceId: invoice.id });
assert.deepEqual(all.data.map((one) => one.id), [refund.id]);
const given = RefundCallbackFromJSON((await heard((body) => body.event === "refund.succeeded")).body);
assert.deepEqual([given.data.invoiceId, given.data.status, given.data.amount], [invoice.id, "SUCCEEDED", 50000]);
isWhole(given.data, ["paymentId", "paymentMethodType", "channelCode", "reason", "country", "currency", "created", "updated"]);
await refused(
  new Xendit({ secretKey: "xnd_development_of_others", xenditURL }).Invoice.getInvoices({}), 401, "INVALID_API_KEY",
);
console.log(`Xendit's library is content: ${events.length} events.`);
close();
