//! English.

use kernel::Locale;

use crate::Words;

/// English.
pub static WORDS: Words = Words {
    code: "en",
    locale: Locale::En,
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    order_confirmation: "Order confirmation",
    receipt: "Receipt",
    credit_note: "Credit note",
    date: "Date",
    item: "Item",
    quantity: "Quantity",
    each: "Each",
    amount: "Amount",
    sum: "Sum",
    not_a_receipt: "This is not a receipt: the order is not paid.",
    paper_gift: "This is a gift.",
    paid_with: "Paid with",
    paid_with_credit: "Paid with gift cards and credit",
    credited: "Credited",
    refund: "Refund",
    delivery: "Delivery",
    tax_on_items: "Tax on the items, contained",
    items: "Items",
    order: "Order",
    ordered_on: "Ordered on",
    total: "Total",
    tax: "Tax",
    tax_contained: "Tax, contained",
    see_order: "See the order",
    to_be_downloaded: "To be downloaded",
    made_not_wanted: "If you do not want it you need to do nothing: it is called off then, and nothing is charged.",
    made_promised_not_wanted: "If you do not want it cancel it on its page before it is sent.",
    downloads_are_there: "What is downloaded is there now, on the page of the order.",
    mail_gift: "It is a gift: there are no prices in the parcel.",
    tax_included: "Tax included",
    because_unpaid: "because the payment did not go through",
    because_courier_unpaid: "because the courier was not paid",
    because_late: "because it was not paid in time",
    because_sold_out: "because something in it was sold out in the meantime",
    because_of_us: "by the marketplace",
    because_wished: "as you wished",
    money_goes_back: "What you have paid goes back to you.",
    nothing_charged: "Nothing was charged.",
    rejected: "somebody was faster: not everything in your order is there any more. Nothing was charged.",
    missing: "What is missing",
    sold_out: "sold out",
    back_to_cart: "Back to the cart",
    the_shop: "the shop",
    follow_parcel: "Follow the parcel",
    how_is_it: "How is it?",
    a_product: "A product",
    write_review: "Write a review",
    all_reviews: "All your reviews",
    asked_once: "We ask once per order.",
    to_be_sent: "To be sent",
    nothing_was_paid: "Nothing had been paid for it.",
    goes_back: "Goes back",
    less_to_pay: "Less to pay",
    exchange_is_next: "What you get instead is sent next.",
    received: "Received",
    in_this_parcel: "In this parcel",
    somebody: "somebody",
    unknown: "unknown",
    taken_out_as_asked: "As you asked, this was taken out of your order; it is not sent.",
    taken_out_by_us: "We have taken this out of your order; it is not sent.",
    taken_out: "Taken out",
    stays_called_off: "It was called off meanwhile.",
    stays_handed_over: "It was handed over meanwhile.",
    stays_not_there_yet: "Its stock is still being set aside. Try again in a moment.",
    stays_whole: "This parcel leaves whole.",
    return_it_later: "If it is on its way, you can send it back once it has arrived.",
    stays_in_order: "Stays in the order",
    verify_subject: "Confirm your e-mail address",
    verify: "please confirm that this address is yours. The link works once, for two days.",
    verify_button: "Confirm address",
    verify_not_me: "If you did not open an account, you need not do anything.",
    reset_subject: "Set a new password",
    reset: "here you can set a new password. The link works once, for half an hour.",
    reset_button: "Set new password",
    reset_not_me: "If you did not ask for this, your password stays as it is.",
    changed_subject: "Your password was changed",
    changed: "your password was changed, and you were logged out on your other devices.",
    changed_not_me: "It was not me",
    registered_subject: "You already have an account",
    registered: "somebody, probably you, tried to open an account with this address. You already have one.",
    log_in: "Log in",
    registered_forgotten: "If you have forgotten your password, you can set a new one on the log-in page.",
    have_a_look: "Have a look",
    notice_confirm: "Please confirm that we may write to this address. The link works for two days. There will be one letter, and then the address is forgotten.",
    notice_yes: "Yes, tell me",
    notice_not_me: "If it was not you, you need not do anything: without the link nothing is sent.",
    left_subject: "Still in your cart",
    look_at_cart: "Look at the cart",
    read_answer: "Read the answer",
    gift_card_use: "Type it in when you pay. What you do not use at once stays on the card.",
    gift_card_keep: "Whoever has the code can use it: keep this mail to yourself.",
    look_around: "Look around",
    day: |day, month, year| format!("{day} {month} {year}"),
    page: |at, count| format!("Page {at} of {count}"),
    paper_gift_with: |message| format!("This is a gift. The message on the packing slip: {message}"),
    pay_method: |key| key.replace('_', " "),
    went_back: |amount| format!("{amount} of it went back; the credit notes have the particulars."),
    refund_for: |order| format!("Refund for the order {order}"),
    returned_to: |vendor, number| format!("{vendor}, return {number}"),
    paid_back_by: |vendor, number| format!("{vendor}, refund {number}"),
    taken_out_of: |vendor, number| format!("{vendor}, taken out {number}"),
    tax_on: |name, rate, net| format!("{name} {rate} on {net}"),
    tax_contained_in: |name, rate, net| format!("{name} {rate} on {net}, contained"),
    less: |amount, promotion| format!("less {amount}, {promotion}"),
    hello: |name| format!("Hello {name},"),
    made_subject: |number| format!("Your order {number} waits for you"),
    made: |number, date, time| {
        format!(
            "we have made the order {number} for you. Look at it, and pay it on its page until {date}, {time} (UTC)."
        )
    },
    made_promised: |number| {
        format!("we have made the order {number} for you. Look at it; you pay the courier when it is handed over.")
    },
    confirmed_subject: |number| format!("Your order {number}"),
    confirmed: |number| format!("thank you, your order {number} is paid."),
    confirmed_parcels: |number, parcels| match parcels {
        1 => format!("thank you, your order {number} is paid and on its way to the shops. It comes in one parcel."),
        _ => format!(
            "thank you, your order {number} is paid and on its way to the shops. It comes in several parcels, one from each shop."
        ),
    },
    promised_parcels: |number, parcels| match parcels {
        1 => format!("thank you, your order {number} is on its way to the shops. It comes in one parcel."),
        _ => format!(
            "thank you, your order {number} is on its way to the shops. It comes in several parcels, one from each shop."
        ),
    },
    to_collect: |amount| format!("Please have {amount} ready: you pay the courier when it is handed over."),
    paper_to_collect: |amount| format!("To be paid to the courier: {amount}."),
    arrives_on: |date| format!("Arrives on {date}"),
    arrives_between: |from, to| format!("Arrives between {from} and {to}"),
    goes_to: |address| format!("Goes to: {address}"),
    mail_gift_with: |message| format!("It is a gift, with this message on the packing slip: {message}"),
    saved_with: |promotion| format!("Saved with {promotion}"),
    rate_included: |name, rate| format!("{name} {rate} included"),
    cancelled_subject: |number| format!("Your order {number} was cancelled"),
    cancelled: |number, why, money| format!("your order {number} was cancelled {why}. {money}"),
    rejected_subject: |number| format!("Your order {number} could not be taken"),
    left: |pieces| format!("{pieces} left"),
    refunded_subject: |amount| format!("{amount} are on their way back to you"),
    refunded: |amount, number| {
        format!(
            "we have returned {amount} of your order {number}. Depending on your bank it arrives within a few days."
        )
    },
    shipped_subject: |shop| format!("Your parcel from {shop} is on its way"),
    shipped: |shop, carrier, number| format!("{shop} has handed your parcel to {carrier}. Its number is {number}."),
    in_parcel: |number| format!("In this parcel ({number})"),
    delivered_subject: |shop| format!("Your parcel from {shop} has arrived"),
    delivered: |shop| format!("your parcel from {shop} was delivered. Enjoy it."),
    ready_subject: |shop| format!("Your order from {shop} is ready to be fetched"),
    ready: |shop, place, code| {
        format!("what you ordered from {shop} is ready to be fetched: {place}. Show this code there: {code}.")
    },
    fetched_subject: |shop| format!("You have fetched your order from {shop}"),
    fetched: |shop| format!("you have fetched what you ordered from {shop}. Enjoy it."),
    invited: |number| {
        format!(
            "you have had what you bought with order {number} for some days. What do you think of it? A few words help others to choose, and the shop to get better."
        )
    },
    return_refused_subject: |shop| format!("{shop} does not take your return"),
    return_refused: |shop, number| format!("{shop} does not take back {number}."),
    return_closed_subject: |number| format!("Your return {number} is closed"),
    return_closed: |shop, number| format!("{shop} has closed your return {number}."),
    return_approved_subject: |shop| format!("{shop} takes your return"),
    return_approved: |shop| {
        format!(
            "{shop} takes back what is listed here. Send it, then note the number of the parcel on the page of the order."
        )
    },
    return_labelled_subject: |shop| format!("Your label for {shop}"),
    return_labelled: |shop, carrier, number| {
        format!(
            "{shop} has bought a label of {carrier} for your return {number}. Print it from the page of the order, stick it on, and hand the parcel over. It costs you nothing, and there is no number to note."
        )
    },
    reason_given: |why| format!("The reason given: {why}"),
    how_to_send: |how| format!("How to send it: {how}"),
    less_to_courier: |amount| format!("You pay {amount} less to the courier."),
    money_back: |amount| format!("{amount} goes back to you; we write again when it is sent."),
    return_received_subject: |shop| format!("{shop} has your return"),
    return_received: |shop, number| format!("{shop} has received your return {number}."),
    shop_writes: |shop, text| format!("{shop} writes: {text}"),
    exchanged_subject: |shop| format!("{shop} has sent what you get instead"),
    exchanged: |shop, carrier, number| format!("{shop} has handed your parcel to {carrier}. Its number is {number}."),
    taken_out_by: |shop| format!("{shop} has taken this out of your order; it is not sent."),
    withdrawn_subject: |number| format!("Taken out of your order {number}"),
    not_withdrawn_subject: |number| format!("Your order {number} stays as it is"),
    not_withdrawn: |why| format!("What you wanted to take out of your order could not be taken out. {why}"),
    back_subject: |what| format!("{what} is back"),
    back: |what| format!("{what} can be had again. You wanted to know; this is the only letter about it."),
    notice_subject: |what| format!("Shall we write to you when {what} is back?"),
    notice_asked: |what| format!("Somebody, probably you, wants to know when {what} can be had again."),
    notice_stop: |url| format!("To end all such letters to this address: {url}"),
    notice_back: |what| {
        format!(
            "{what} can be had again. You wanted to know; this is the only letter about it, and your address is forgotten."
        )
    },
    notice_stop_others: |url| format!("If you wait for other things too, this ends it: {url}"),
    left_cart: |pieces| match pieces {
        1 => "One thing is still in your cart. Prices and stock may have changed since.".to_owned(),
        _ => format!("{pieces} things are still in your cart. Prices and stock may have changed since."),
    },
    left_stop: |url| format!("No more letters about your cart: {url}"),
    review_answered_subject: |shop| format!("{shop} has answered your review"),
    review_answered: |shop| {
        format!("{shop} has answered your review. The answer stands under it, for everybody to read.")
    },
    gift_card_subject: |amount| format!("A gift card over {amount} for you"),
    gift_card: |amount| format!("You have been given a gift card over {amount}. Its code is:"),
    gift_card_until: |date, time| format!("It can be used until {date}, {time} (UTC)."),
};
