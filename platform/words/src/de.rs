//! German.

use kernel::Locale;

use crate::Words;

/// German.
pub static WORDS: Words = Words {
    code: "de",
    locale: Locale::De,
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    order_confirmation: "Auftragsbestätigung",
    receipt: "Quittung",
    credit_note: "Gutschrift",
    date: "Datum",
    item: "Artikel",
    quantity: "Menge",
    each: "Einzelpreis",
    amount: "Betrag",
    sum: "Summe",
    not_a_receipt: "Dies ist keine Quittung: Die Bestellung ist noch nicht bezahlt.",
    paper_gift: "Dies ist ein Geschenk.",
    paid_with: "Bezahlt mit",
    paid_with_credit: "Bezahlt mit Geschenkkarten und Guthaben",
    credited: "Gutgeschrieben",
    refund: "Erstattung",
    delivery: "Versand",
    tax_on_items: "Steuer auf die Artikel, enthalten",
    items: "Artikel",
    order: "Bestellung",
    ordered_on: "Bestellt am",
    total: "Gesamtbetrag",
    tax: "Steuer",
    tax_contained: "Steuer, enthalten",
    see_order: "Bestellung ansehen",
    to_be_downloaded: "Zum Herunterladen",
    made_not_wanted: "Wenn Sie sie nicht möchten, brauchen Sie nichts zu tun: Sie wird dann storniert, und es wird nichts berechnet.",
    made_promised_not_wanted: "Wenn Sie sie nicht möchten, stornieren Sie sie auf ihrer Seite, bevor sie verschickt wird.",
    downloads_are_there: "Was Sie herunterladen können, steht jetzt auf der Seite der Bestellung bereit.",
    mail_gift: "Es ist ein Geschenk: Dem Paket liegen keine Preise bei.",
    tax_included: "Enthaltene Steuer",
    because_unpaid: "weil die Zahlung nicht zustande kam",
    because_courier_unpaid: "weil der Zusteller nicht bezahlt wurde",
    because_late: "weil sie nicht rechtzeitig bezahlt wurde",
    because_sold_out: "weil etwas daraus inzwischen ausverkauft ist",
    because_of_us: "und zwar vom Marktplatz",
    because_wished: "wie Sie es gewünscht haben",
    money_goes_back: "Was Sie bezahlt haben, erhalten Sie zurück.",
    nothing_charged: "Es wurde nichts berechnet.",
    rejected: "leider war jemand schneller: Nicht alles aus Ihrer Bestellung ist noch verfügbar. Es wurde nichts berechnet.",
    missing: "Was fehlt",
    sold_out: "ausverkauft",
    back_to_cart: "Zurück zum Warenkorb",
    the_shop: "dem Händler",
    follow_parcel: "Paket verfolgen",
    how_is_it: "Sind Sie zufrieden?",
    a_product: "Ein Artikel",
    write_review: "Eine Bewertung schreiben",
    all_reviews: "Alle Ihre Bewertungen",
    asked_once: "Wir fragen einmal je Bestellung.",
    to_be_sent: "Zurückzusenden",
    nothing_was_paid: "Dafür war nichts bezahlt worden.",
    goes_back: "Erstattung",
    less_to_pay: "Weniger zu zahlen",
    exchange_is_next: "Der Ersatz wird als Nächstes verschickt.",
    received: "Erhalten",
    in_this_parcel: "In diesem Paket",
    somebody: "einen Zusteller",
    unknown: "unbekannt",
    taken_out_as_asked: "wie gewünscht wurde Folgendes aus Ihrer Bestellung herausgenommen; es wird nicht verschickt.",
    taken_out_by_us: "wir haben Folgendes aus Ihrer Bestellung herausgenommen; es wird nicht verschickt.",
    taken_out: "Herausgenommen",
    stays_called_off: "Sie wurde inzwischen storniert.",
    stays_handed_over: "Es wurde inzwischen übergeben.",
    stays_not_there_yet: "Der Bestand wird noch zurückgelegt. Versuchen Sie es gleich noch einmal.",
    stays_whole: "Dieses Paket geht nur als Ganzes hinaus.",
    return_it_later: "Falls es bereits unterwegs ist, können Sie es nach der Ankunft zurücksenden.",
    stays_in_order: "Bleibt in der Bestellung",
    verify_subject: "Bestätigen Sie Ihre E-Mail-Adresse",
    verify: "bitte bestätigen Sie, dass diese Adresse Ihnen gehört. Der Link gilt einmal, zwei Tage lang.",
    verify_button: "Adresse bestätigen",
    verify_not_me: "Wenn Sie kein Konto eröffnet haben, brauchen Sie nichts zu tun.",
    reset_subject: "Neues Passwort festlegen",
    reset: "hier können Sie ein neues Passwort festlegen. Der Link gilt einmal, eine halbe Stunde lang.",
    reset_button: "Neues Passwort festlegen",
    reset_not_me: "Wenn Sie das nicht angefordert haben, bleibt Ihr Passwort, wie es ist.",
    changed_subject: "Ihr Passwort wurde geändert",
    changed: "Ihr Passwort wurde geändert, und Sie wurden auf Ihren anderen Geräten abgemeldet.",
    changed_not_me: "Das war ich nicht",
    registered_subject: "Sie haben bereits ein Konto",
    registered: "jemand, vermutlich Sie selbst, wollte mit dieser Adresse ein Konto eröffnen. Sie haben bereits eines.",
    log_in: "Anmelden",
    registered_forgotten: "Wenn Sie Ihr Passwort vergessen haben, können Sie auf der Anmeldeseite ein neues festlegen.",
    have_a_look: "Ansehen",
    notice_confirm: "Bitte bestätigen Sie, dass wir an diese Adresse schreiben dürfen. Der Link gilt zwei Tage lang. Sie erhalten eine einzige Nachricht, danach wird die Adresse vergessen.",
    notice_yes: "Ja, benachrichtigen",
    notice_not_me: "Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne den Link wird nichts verschickt.",
    left_subject: "Noch in Ihrem Warenkorb",
    look_at_cart: "Warenkorb ansehen",
    read_answer: "Antwort lesen",
    gift_card_use: "Geben Sie ihn beim Bezahlen ein. Was Sie nicht auf einmal verwenden, bleibt auf der Karte.",
    gift_card_keep: "Wer den Code hat, kann ihn verwenden: Behalten Sie diese Nachricht für sich.",
    look_around: "Zum Shop",
    day: |day, month, year| format!("{day}. {month} {year}"),
    page: |at, count| format!("Seite {at} von {count}"),
    paper_gift_with: |message| format!("Dies ist ein Geschenk. Die Nachricht auf dem Lieferschein: {message}"),
    pay_method: |key| match key {
        "card" => "Karte".to_owned(),
        "bank_transfer" => "Überweisung".to_owned(),
        "cash_on_delivery" => "Nachnahme".to_owned(),
        other => other.replace('_', " "),
    },
    went_back: |amount| format!("Davon wurden {amount} erstattet; Näheres steht in den Gutschriften."),
    refund_for: |order| format!("Erstattung zur Bestellung {order}"),
    returned_to: |vendor, number| format!("{vendor}, Rücksendung {number}"),
    paid_back_by: |vendor, number| format!("{vendor}, Erstattung {number}"),
    taken_out_of: |vendor, number| format!("{vendor}, herausgenommen {number}"),
    tax_on: |name, rate, net| format!("{name} {rate} auf {net}"),
    tax_contained_in: |name, rate, net| format!("{name} {rate} auf {net}, enthalten"),
    less: |amount, promotion| format!("abzüglich {amount}, {promotion}"),
    hello: |name| format!("Guten Tag {name},"),
    made_subject: |number| format!("Ihre Bestellung {number} wartet auf Sie"),
    made: |number, date, time| {
        format!(
            "wir haben die Bestellung {number} für Sie angelegt. Sehen Sie sie sich an und bezahlen Sie sie auf ihrer Seite bis zum {date}, {time} Uhr (UTC)."
        )
    },
    made_promised: |number| {
        format!(
            "wir haben die Bestellung {number} für Sie aufgegeben. Sehen Sie sie sich an; Sie bezahlen den Zusteller bei der Übergabe."
        )
    },
    confirmed_subject: |number| format!("Ihre Bestellung {number}"),
    confirmed: |number| format!("vielen Dank, Ihre Bestellung {number} ist bezahlt."),
    confirmed_parcels: |number, parcels| match parcels {
        1 => format!(
            "vielen Dank, Ihre Bestellung {number} ist bezahlt und auf dem Weg zu den Händlern. Sie kommt in einem Paket."
        ),
        _ => format!(
            "vielen Dank, Ihre Bestellung {number} ist bezahlt und auf dem Weg zu den Händlern. Sie kommt in mehreren Paketen, eines von jedem Händler."
        ),
    },
    promised_parcels: |number, parcels| match parcels {
        1 => {
            format!("vielen Dank, Ihre Bestellung {number} ist auf dem Weg zu den Händlern. Sie kommt in einem Paket.")
        }
        _ => format!(
            "vielen Dank, Ihre Bestellung {number} ist auf dem Weg zu den Händlern. Sie kommt in mehreren Paketen, eines von jedem Händler."
        ),
    },
    to_collect: |amount| format!("Bitte halten Sie {amount} bereit: Sie bezahlen den Zusteller bei der Übergabe."),
    paper_to_collect: |amount| format!("An den Zusteller zu zahlen: {amount}."),
    arrives_on: |date| format!("Kommt am {date} an"),
    arrives_between: |from, to| format!("Kommt zwischen dem {from} und dem {to} an"),
    goes_to: |address| format!("Lieferadresse: {address}"),
    mail_gift_with: |message| format!("Es ist ein Geschenk, mit dieser Nachricht auf dem Lieferschein: {message}"),
    saved_with: |promotion| format!("Gespart mit {promotion}"),
    rate_included: |name, rate| format!("{name} {rate}, enthalten"),
    cancelled_subject: |number| format!("Ihre Bestellung {number} wurde storniert"),
    cancelled: |number, why, money| format!("Ihre Bestellung {number} wurde storniert, {why}. {money}"),
    rejected_subject: |number| format!("Ihre Bestellung {number} konnte nicht angenommen werden"),
    left: |pieces| format!("noch {pieces} verfügbar"),
    refunded_subject: |amount| format!("{amount} sind auf dem Weg zurück zu Ihnen"),
    refunded: |amount, number| {
        format!(
            "wir haben Ihnen {amount} Ihrer Bestellung {number} erstattet. Je nach Bank trifft der Betrag in einigen Tagen ein."
        )
    },
    shipped_subject: |shop| format!("Ihr Paket von {shop} ist unterwegs"),
    shipped: |shop, carrier, number| {
        format!("Ihr Paket von {shop} wurde an {carrier} übergeben. Die Sendungsnummer lautet {number}.")
    },
    in_parcel: |number| format!("In diesem Paket ({number})"),
    delivered_subject: |shop| format!("Ihr Paket von {shop} ist angekommen"),
    delivered: |shop| format!("Ihr Paket von {shop} wurde zugestellt. Viel Freude damit."),
    ready_subject: |shop| format!("Ihre Bestellung bei {shop} liegt zur Abholung bereit"),
    ready: |shop, place, code| {
        format!("Ihre Bestellung bei {shop} liegt zur Abholung bereit: {place}. Zeigen Sie dort diesen Code: {code}.")
    },
    fetched_subject: |shop| format!("Sie haben Ihre Bestellung bei {shop} abgeholt"),
    fetched: |shop| format!("Sie haben Ihre Bestellung bei {shop} abgeholt. Viel Freude damit."),
    invited: |number| {
        format!(
            "was Sie mit der Bestellung {number} gekauft haben, haben Sie nun seit einigen Tagen. Was halten Sie davon? Ein paar Worte helfen anderen bei der Wahl und dem Händler, besser zu werden."
        )
    },
    return_refused_subject: |shop| format!("{shop} nimmt Ihre Rücksendung nicht an"),
    return_refused: |shop, number| format!("{shop} nimmt die Rücksendung {number} nicht an."),
    return_closed_subject: |number| format!("Ihre Rücksendung {number} ist abgeschlossen"),
    return_closed: |shop, number| format!("{shop} hat Ihre Rücksendung {number} abgeschlossen."),
    return_approved_subject: |shop| format!("{shop} nimmt Ihre Rücksendung an"),
    return_approved: |shop| {
        format!(
            "{shop} nimmt zurück, was hier aufgeführt ist. Senden Sie es ein und tragen Sie dann die Sendungsnummer auf der Seite der Bestellung ein."
        )
    },
    return_labelled_subject: |shop| format!("Ihr Versandetikett für {shop}"),
    return_labelled: |shop, carrier, number| {
        format!(
            "{shop} hat für Ihre Rücksendung {number} ein Versandetikett von {carrier} gekauft. Drucken Sie es auf der Seite der Bestellung aus, kleben Sie es auf und geben Sie das Paket ab. Es kostet Sie nichts, und Sie müssen keine Sendungsnummer eintragen."
        )
    },
    reason_given: |why| format!("Die Begründung: {why}"),
    how_to_send: |how| format!("So senden Sie es zurück: {how}"),
    less_to_courier: |amount| format!("Sie zahlen dem Zusteller {amount} weniger."),
    money_back: |amount| {
        format!("Sie erhalten {amount} zurück; wir schreiben Ihnen wieder, sobald der Betrag unterwegs ist.")
    },
    return_received_subject: |shop| format!("{shop} hat Ihre Rücksendung erhalten"),
    return_received: |shop, number| format!("{shop} hat Ihre Rücksendung {number} erhalten."),
    shop_writes: |shop, text| format!("{shop} schreibt: {text}"),
    exchanged_subject: |shop| format!("{shop} hat Ihren Ersatz verschickt"),
    exchanged: |shop, carrier, number| {
        format!("Ihr Paket von {shop} wurde an {carrier} übergeben. Die Sendungsnummer lautet {number}.")
    },
    taken_out_by: |shop| format!("{shop} hat Folgendes aus Ihrer Bestellung herausgenommen; es wird nicht verschickt."),
    withdrawn_subject: |number| format!("Aus Ihrer Bestellung {number} herausgenommen"),
    not_withdrawn_subject: |number| format!("Ihre Bestellung {number} bleibt, wie sie ist"),
    not_withdrawn: |why| {
        format!("was Sie aus Ihrer Bestellung herausnehmen wollten, konnte nicht herausgenommen werden. {why}")
    },
    back_subject: |what| format!("{what} ist wieder da"),
    back: |what| format!("{what} ist wieder verfügbar. Sie wollten es wissen; dies ist die einzige Nachricht dazu."),
    notice_subject: |what| format!("Sollen wir Ihnen schreiben, wenn {what} wieder da ist?"),
    notice_asked: |what| format!("Jemand, vermutlich Sie selbst, möchte wissen, wann {what} wieder verfügbar ist."),
    notice_stop: |url| format!("Um alle solchen Nachrichten an diese Adresse zu beenden: {url}"),
    notice_back: |what| {
        format!(
            "{what} ist wieder verfügbar. Sie wollten es wissen; dies ist die einzige Nachricht dazu, und Ihre Adresse wird vergessen."
        )
    },
    notice_stop_others: |url| format!("Wenn Sie noch auf anderes warten, beenden Sie es hier: {url}"),
    left_cart: |pieces| match pieces {
        1 => "in Ihrem Warenkorb liegt noch ein Artikel. Preise und Bestand können sich inzwischen geändert haben."
            .to_owned(),
        _ => format!(
            "in Ihrem Warenkorb liegen noch {pieces} Artikel. Preise und Bestand können sich inzwischen geändert haben."
        ),
    },
    left_stop: |url| format!("Keine Nachrichten über Ihren Warenkorb mehr: {url}"),
    review_answered_subject: |shop| format!("{shop} hat auf Ihre Bewertung geantwortet"),
    review_answered: |shop| {
        format!("{shop} hat auf Ihre Bewertung geantwortet. Die Antwort steht darunter, für alle lesbar.")
    },
    gift_card_subject: |amount| format!("Eine Geschenkkarte über {amount} für Sie"),
    gift_card: |amount| format!("Sie haben eine Geschenkkarte über {amount} erhalten. Ihr Code lautet:"),
    gift_card_until: |date, time| format!("Sie kann bis zum {date}, {time} Uhr (UTC) verwendet werden."),
};
