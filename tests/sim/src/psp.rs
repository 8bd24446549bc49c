//! The payment provider behind [`HttpOut`]: the sandbox's pure core, and a bad line to it, at which the carrier is, too, and PayPal,
//! which pays vendors.
//!
//! A call travels, arrives, and is answered at three different times; between them everything else
//! may happen, and any of the three may never come.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::{channel::oneshot, future::BoxFuture};
use gateways::paypal::FakePayPal;
use http::{Method, Request, Response};
use kernel::{Clock, Error, ManualClock, Random, Result, SeededRandom, Timestamp};
use runtime::{HttpOut, fetch::Bounds};
use sandbox::{
    Call, Command, Due, Gateway, JournalRow, Memory, NewPayment, Outcome, Payment, Rules, Store, Transfer,
    carrier::SandboxCarrier,
};
use serde_json::{Value, json};

use crate::{faults::Fates, labels, payees, swarm::Swarm, trace::Trace};

type Answer = oneshot::Sender<Result<Response<Bytes>>>;

/// A call on its way.
struct Travelling {
    request: Request<Bytes>,
    answer: Option<Answer>,
}

/// The provider and the line to it.
pub struct SimPsp {
    clock: Arc<ManualClock>,
    random: Arc<SeededRandom>,
    trace: Arc<Trace>,
    fates: Arc<Fates>,
    carrier: SandboxCarrier,
    paypal: FakePayPal,
    state: Mutex<State>,
}

/// An answer that has not arrived yet, and who waits for it.
type OnItsWay = (Answer, Result<Response<Bytes>>);

struct State {
    swarm: Swarm,
    gateway: Gateway<Memory>,
    arriving: BTreeMap<(Timestamp, u64), Travelling>,
    answering: BTreeMap<(Timestamp, u64), OnItsWay>,
    number: u64,
    outage_until: Timestamp,
    /// Whether what was asked for under a key is charged wrongly: the same however often it is asked.
    wrongly: BTreeMap<String, bool>,
    /// Payouts that were made and whose senders died of it.
    orphans: BTreeSet<String>,
}

impl SimPsp {
    /// A provider whose webhooks misbehave as `rules` say, at the end of a line as bad as `swarm` says.
    pub fn new(
        clock: Arc<ManualClock>,
        random: Arc<SeededRandom>,
        trace: Arc<Trace>,
        fates: Arc<Fates>,
        swarm: Swarm,
        rules: Rules,
    ) -> Self {
        let state = State {
            swarm,
            gateway: Gateway::new(rules, Memory::default()),
            arriving: BTreeMap::new(),
            answering: BTreeMap::new(),
            number: 0,
            outage_until: Timestamp(0),
            wrongly: BTreeMap::new(),
            orphans: BTreeSet::new(),
        };
        let carrier = labels::carrier(clock.clone());
        let paypal = payees::paypal(clock.clone(), random.clone());
        Self { clock, random, trace, fates, carrier, paypal, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn strikes(&self, rate: u64) -> bool {
        rate > 0 && self.random.below(1_000) < rate
    }

    fn soon(&self, most_ms: u64) -> Timestamp {
        self.clock.now().plus(Duration::from_millis(self.random.below(most_ms)))
    }

    /// The line is good from now on.
    pub fn calm(&self) {
        let mut state = self.state();
        state.swarm.calm();
        state.outage_until = Timestamp(0);
    }

    /// Calls arrive and are answered, timers fire. True if anything happened.
    pub fn turn(&self) -> Result<bool> {
        let now = self.clock.now();
        let mut state = self.state();
        let mut busy = false;
        if self.strikes(state.swarm.psp_outage) {
            state.outage_until = self.soon(300_000);
            self.trace.mark("provider out of reach");
            self.trace.note(format!("  provider out of reach until {}", state.outage_until));
        }
        while let Some(key) = state.arriving.keys().next().copied().filter(|(at, _)| *at <= now) {
            busy = true;
            if let Some(call) = state.arriving.remove(&key) {
                self.arrive(&mut state, call)?;
            }
        }
        while let Some(key) = state.answering.keys().next().copied().filter(|(at, _)| *at <= now) {
            busy = true;
            if let Some((answer, response)) = state.answering.remove(&key) {
                // Whoever asked may have died meanwhile.
                drop(answer.send(response));
            }
        }
        while state.gateway.tick(now, &*self.random)? {}
        Ok(busy | self.paypal.pass())
    }

    /// True if nobody waits for an answer.
    pub fn is_quiet(&self) -> bool {
        let state = self.state();
        state.answering.is_empty() && state.arriving.values().all(|call| call.answer.is_none())
    }

    fn arrive(&self, state: &mut State, call: Travelling) -> Result<()> {
        let (method, path) = (call.request.method().clone(), path_of(&call.request));
        let is_post = method == Method::POST;
        let (of_carrier, of_paypal) = (path.starts_with(labels::BELOW), path.starts_with(payees::BELOW));
        let refused = if self.strikes(state.swarm.psp_refuses) {
            // After 429 and 503 the ways to these two take a nap by the clock of the machine, which there is none of here.
            Some(if of_carrier || of_paypal { 500 } else { [429, 500, 503][self.random.below(3) as usize] })
        } else {
            None
        };
        let (status, body) = match refused {
            Some(status) => {
                self.trace.mark("provider refused for now");
                if state.swarm.bad_day {
                    self.trace.mark("one call in five went wrong");
                }
                (status, Bytes::from(json!({"error": {"code": "bad_day"}}).to_string()))
            }
            None if of_carrier => labels::carry(self.carrier.router(), labels::BELOW, &call.request)?,
            None if of_paypal => labels::carry(self.paypal.router(), payees::BELOW, &call.request)?,
            None => {
                let (status, body) = self.perform(state, &call.request)?;
                (status, Bytes::from(body))
            }
        };
        self.trace.note(format!("  provider: {method} {path} -> {status}"));
        let mut hold = is_post && (status == 599 || self.strikes(state.swarm.psp_timeout));
        if is_post && payees::is_transfer(&path) {
            hold |= self.strikes(state.swarm.transfer_unanswered);
            self.paid(state, &call.request, status);
        }
        if is_post {
            payees::mark(&self.trace, &path, status, hold);
        }
        let Some(answer) = call.answer else { return Ok(()) };
        let (at, response) = if hold {
            self.trace.mark("provider did it and did not answer");
            (self.clock.now().plus(Duration::from_secs(5)), Err(Error::unavailable("No answer from outside.")))
        } else {
            let response = Response::builder().status(if status == 599 { 200 } else { status });
            (self.soon(if self.strikes(200) { 3_000 } else { 40 }), response.body(body).map_err(Error::internal))
        };
        state.number += 1;
        let number = state.number;
        state.answering.insert((at, number), (answer, response));
        Ok(())
    }

    /// A payout was asked for. Now and then its sender dies of it; the next process has to find out what became of it.
    fn paid(&self, state: &mut State, call: &Request<Bytes>, status: u16) {
        let name = payees::name_of(call);
        if state.orphans.contains(&name) {
            self.trace.mark("payout of a process that died asked for by its key");
        }
        if status < 300 && self.strikes(state.swarm.transfer_crash) {
            self.trace.mark("process died while its payout was made");
            self.trace.note(format!("  !! the process dies while {name} is made"));
            state.orphans.insert(name);
            self.fates.kill();
        }
    }

    /// What the provider does. 599 stands for an answer that is held back until nobody waits for it.
    fn perform(&self, state: &mut State, request: &Request<Bytes>) -> Result<(u16, String)> {
        let path = path_of(request);
        if request.method() == Method::GET {
            if state.orphans.iter().any(|name| payees::asks_for(&path, name)) {
                self.trace.mark("payout of a process that died asked for by its key");
            }
            return match payees::tell(state.gateway.store(), &path, &self.trace)? {
                Some(answer) => Ok(answer),
                None => tell(state.gateway.store(), &path),
            };
        }
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let key = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let command = match (path.strip_prefix("/v1/disputes/"), payees::command(&path, &body)?) {
            (Some(answered), _) => of_dispute(answered, body)?,
            (None, Some(about_payees)) => about_payees,
            (None, None) => self.command(state, &path, key.as_deref(), body)?,
        };
        let outcome = state.gateway.apply(&Call { key, command }, self.clock.now(), &*self.random)?;
        Ok((if outcome.hold && !outcome.replayed { 599 } else { outcome.status }, outcome.body))
    }

    fn command(&self, state: &mut State, path: &str, key: Option<&str>, body: Value) -> Result<Command> {
        let mut parts = path.trim_start_matches("/v1/payments").trim_start_matches('/').split('/');
        let (payment, step) = (parts.next().unwrap_or_default().to_owned(), parts.next().unwrap_or_default());
        Ok(match step {
            "cancel" => Command::Cancel { payment, by_buyer: false },
            "refunds" => Command::Refund {
                payment,
                amount_minor: body["amount_minor"].as_i64().unwrap_or_default(),
                reason: body["reason"].as_str().unwrap_or_default().to_owned(),
            },
            _ => {
                let mut new: NewPayment = serde_json::from_value(body)?;
                let dice = self.strikes(state.swarm.psp_wrong_amount);
                if *state.wrongly.entry(key.unwrap_or_default().to_owned()).or_insert(dice) {
                    self.trace.mark("provider charged another amount");
                    new.amount_minor += 100;
                }
                Command::Create(new)
            }
        })
    }

    /// The buyer does something on the hosted page.
    pub fn buyer(&self, command: Command) -> Result<Outcome> {
        self.state().gateway.apply(&command.into(), self.clock.now(), &*self.random)
    }

    /// Payments of an order.
    pub fn payments_of(&self, reference: &str) -> Result<Vec<Payment>> {
        self.state().gateway.store().payments_of(reference)
    }

    /// A webhook to be sent now.
    pub fn due_webhook(&self) -> Result<Option<Due>> {
        Ok(self.state().gateway.due(self.clock.now(), 1)?.pop())
    }

    /// What came of sending it.
    pub fn attempted(&self, number: i64, status: Option<u16>) -> Result<()> {
        self.state().gateway.attempted(number, status, self.clock.now(), &*self.random)
    }

    /// The journal, whole.
    pub fn journal(&self) -> Result<Vec<JournalRow>> {
        self.state().gateway.store().journal(0, usize::MAX)
    }

    /// The transfers to payees, whole.
    pub fn transfers(&self) -> Result<Vec<(i64, Transfer)>> {
        self.state().gateway.store().transfers(0, usize::MAX)
    }

    /// The carrier.
    pub fn carrier(&self) -> &SandboxCarrier {
        &self.carrier
    }

    /// PayPal.
    pub fn paypal(&self) -> &FakePayPal {
        &self.paypal
    }

    /// What the carrier has taken for labels, less what it has given back, in minor units.
    pub fn carried(&self) -> i64 {
        self.carrier.journal().iter().map(|entry| entry.price.amount_minor).sum()
    }

    /// Whether an answer is still on its way.
    pub fn is_asked(&self) -> bool {
        !self.state().answering.is_empty()
    }
}

/// What the provider says when it is asked.
fn tell(store: &Memory, path: &str) -> Result<(u16, String)> {
    let found = |thing: Option<String>| match thing {
        Some(thing) => Ok((200, thing)),
        None => Ok((404, json!({"error": {"code": "not_found"}}).to_string())),
    };
    let payment = |id: Option<String>| match id {
        Some(id) => store.payment(&id),
        None => Ok(None),
    };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if let Some(reference) = query.strip_prefix("reference=") {
        return Ok((200, json!({"items": store.payments_of(reference)?}).to_string()));
    }
    if path == "/v1/journal" {
        let after = query.split('&').find_map(|part| part.strip_prefix("after=")).and_then(|n| n.parse().ok());
        return Ok((200, json!({"items": store.journal(after.unwrap_or(0), 500)?}).to_string()));
    }
    if let Some(id) = path.strip_prefix("/v1/refunds/") {
        let of = payment(sandbox::model::payment_of_refund(id))?;
        let refund = of.and_then(|of| of.refunds.into_iter().find(|refund| refund.id == id));
        return found(refund.map(|refund| serde_json::to_string(&refund)).transpose()?);
    }
    if let Some(id) = path.strip_prefix("/v1/disputes/") {
        let of = payment(sandbox::model::payment_of_dispute(id))?;
        let dispute = of.and_then(|of| of.disputes.into_iter().find(|dispute| dispute.id == id));
        return found(dispute.map(|dispute| serde_json::to_string(&dispute)).transpose()?);
    }
    let payment = payment(Some(path.trim_start_matches("/v1/payments/").to_owned()))?;
    found(payment.map(|payment| serde_json::to_string(&payment)).transpose()?)
}

/// The merchant answers a dispute: `<id>/evidence` or `<id>/accept`.
fn of_dispute(answered: &str, body: Value) -> Result<Command> {
    let (dispute, step) = answered.split_once('/').unwrap_or((answered, ""));
    let evidence = if step == "evidence" { Some(serde_json::from_value(body)?) } else { None };
    Ok(Command::Answer { dispute: dispute.to_owned(), evidence })
}

fn path_of(request: &Request<Bytes>) -> String {
    request.uri().path_and_query().map_or_else(String::new, ToString::to_string)
}

impl HttpOut for SimPsp {
    fn send(&self, request: Request<Bytes>, timeout: Duration) -> BoxFuture<'_, Result<Response<Bytes>>> {
        let no_answer = || Error::unavailable("No answer from outside.");
        let (answer, answered) = oneshot::channel();
        {
            let now = self.clock.now();
            let mut state = self.state();
            state.number += 1;
            let number = state.number;
            let lost = now < state.outage_until || self.strikes(state.swarm.psp_lost);
            if self.fates.is_dead() {
                return Box::pin(std::future::ready(Err(no_answer())));
            }
            let path = path_of(&request);
            if lost {
                self.trace.mark("call to the provider lost");
                self.trace.note(format!("  lost on its way: {} {path}", request.method()));
                state.answering.insert((now.plus(timeout), number), (answer, Err(no_answer())));
            } else if request.method() == Method::POST && self.strikes(state.swarm.psp_stray) {
                self.trace.mark("call to the provider came late");
                self.trace.note(format!("  goes astray: {} {path}", request.method()));
                let late = now.plus(timeout).plus(Duration::from_millis(self.random.below(600_000)));
                state.arriving.insert((late, number), Travelling { request, answer: None });
                state.answering.insert((now.plus(timeout), number), (answer, Err(no_answer())));
            } else {
                let at = now.plus(Duration::from_millis(self.random.below(60)));
                state.arriving.insert((at, number), Travelling { request, answer: Some(answer) });
            }
        }
        Box::pin(async move { answered.await.unwrap_or_else(|_| Err(no_answer())) })
    }

    /// Nothing but the provider and the carrier is outside of the simulated world.
    fn send_guarded(&self, _: Request<Bytes>, _: Bounds) -> BoxFuture<'_, Result<Response<Bytes>>> {
        Box::pin(std::future::ready(Err(Error::unavailable("No answer from outside."))))
    }
}
